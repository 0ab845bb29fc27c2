// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.AlarmMember;
import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmResponse;
import dev.brain.server.maintenance.Alarm;
import dev.brain.server.maintenance.Alarms;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** The alarms on the node that leads. */
public final class StoreAlarms implements AlarmMethod {
  private final Alarms alarms;
  private final ResponseHeaders headers;

  /** Serves the alarms of a store. */
  public StoreAlarms(Alarms alarms, ResponseHeaders headers) {
    this.alarms = alarms;
    this.headers = headers;
  }

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer) {
    Reply<AlarmResponse> reply = Reply.to(observer);
    Alarm.Kind kind = kind(request);
    switch (request.getAction()) {
      case GET -> reply.send(raised(kind));
      case ACTIVATE -> {
        if (kind == null) {
          // As in etcd: there is nothing to raise, and that is no error.
          reply.send(touched(null));
        } else {
          Alarm alarm = new Alarm(request.getMemberID(), kind);
          alarms.activate(alarm, reply.completion(isNew -> touched(alarm)));
        }
      }
      case DEACTIVATE -> {
        if (kind == null) {
          reply.send(touched(null));
        } else {
          Alarm alarm = new Alarm(request.getMemberID(), kind);
          alarms.deactivate(alarm, reply.completion(was -> touched(was ? alarm : null)));
        }
      }
      case UNRECOGNIZED -> reply.send(touched(null));
    }
  }

  private AlarmResponse raised(Alarm.@Nullable Kind kind) {
    AlarmResponse.Builder response = AlarmResponse.newBuilder().setHeader(headers.now());
    for (Alarm alarm : alarms.all()) {
      if (kind == null || alarm.kind() == kind) {
        response.addAlarms(member(alarm));
      }
    }
    return response.build();
  }

  private AlarmResponse touched(@Nullable Alarm alarm) {
    AlarmResponse.Builder response = AlarmResponse.newBuilder().setHeader(headers.now());
    if (alarm != null) {
      response.addAlarms(member(alarm));
    }
    return response.build();
  }

  private static AlarmMember member(Alarm alarm) {
    return AlarmMember.newBuilder()
        .setMemberID(alarm.memberId())
        .setAlarmValue(alarm.kind().number())
        .build();
  }

  private static Alarm.@Nullable Kind kind(AlarmRequest request) {
    return switch (request.getAlarm()) {
      case NOSPACE -> Alarm.Kind.NOSPACE;
      case CORRUPT -> Alarm.Kind.CORRUPT;
      case NONE, UNRECOGNIZED -> null;
    };
  }
}
