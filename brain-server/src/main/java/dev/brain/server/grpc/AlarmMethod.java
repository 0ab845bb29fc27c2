// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmResponse;
import io.grpc.stub.StreamObserver;

/** Serves the method Alarm of the Maintenance service; never blocks. */
public interface AlarmMethod {
  /** Tells, raises or clears alarms. */
  void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer);
}
