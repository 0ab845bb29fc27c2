// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.brain.proto.etcdserverpb.AlarmMember;
import dev.brain.proto.etcdserverpb.AlarmResponse;
import dev.brain.proto.etcdserverpb.LeaseLeasesResponse;
import dev.brain.proto.etcdserverpb.LeaseStatus;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveResponse;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Takes out of an answer what two right servers may choose freely, and nothing else. */
final class Normal {
  private Normal() {}

  /**
   * The message with every id of a cluster, member or term that is set replaced by 1, so that only
   * its presence counts, and with lists that have no order sorted.
   */
  static Message of(Message message) {
    return switch (message) {
      case ResponseHeader header -> header(header);
      case LeaseTimeToLiveResponse response -> children(sorted(response));
      case LeaseLeasesResponse response -> children(sorted(response));
      case AlarmResponse response -> children(sorted(response));
      default -> children(message);
    };
  }

  private static Message children(Message message) {
    Message.Builder builder = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          builder.setRepeatedField(field, i, of((Message) message.getRepeatedField(field, i)));
        }
      } else {
        builder.setField(field, of((Message) entry.getValue()));
      }
    }
    return builder.build();
  }

  private static ResponseHeader header(ResponseHeader header) {
    return header.toBuilder()
        .setClusterId(presence(header.getClusterId()))
        .setMemberId(presence(header.getMemberId()))
        .setRaftTerm(presence(header.getRaftTerm()))
        .build();
  }

  private static long presence(long id) {
    return id == 0 ? 0 : 1;
  }

  // Time goes on between the two answers, so that what remains of a lease is only a range.
  private static LeaseTimeToLiveResponse sorted(LeaseTimeToLiveResponse response) {
    List<ByteString> keys =
        response.getKeysList().stream()
            .sorted(ByteString.unsignedLexicographicalComparator())
            .toList();
    long remaining = response.getTTL();
    boolean plausible =
        remaining <= response.getGrantedTTL() && remaining >= response.getGrantedTTL() - 300;
    return response.toBuilder()
        .setTTL(response.getGrantedTTL() > 0 && plausible ? response.getGrantedTTL() : remaining)
        .clearKeys()
        .addAllKeys(keys)
        .build();
  }

  private static AlarmResponse sorted(AlarmResponse response) {
    List<AlarmMember> alarms =
        response.getAlarmsList().stream()
            .sorted(
                Comparator.comparingLong(AlarmMember::getMemberID)
                    .thenComparingInt(AlarmMember::getAlarmValue))
            .toList();
    return response.toBuilder().clearAlarms().addAllAlarms(alarms).build();
  }

  private static LeaseLeasesResponse sorted(LeaseLeasesResponse response) {
    List<LeaseStatus> leases =
        response.getLeasesList().stream()
            .sorted(Comparator.comparingLong(LeaseStatus::getID))
            .toList();
    return response.toBuilder().clearLeases().addAllLeases(leases).build();
  }
}
