// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeResponse;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Leases that never end by themselves. */
final class FakeLease extends LeaseGrpc.LeaseImplBase {
  private static final long TTL_SECONDS = 60;

  private final AtomicLong last = new AtomicLong();
  private final Set<Long> leases = ConcurrentHashMap.newKeySet();

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> answer) {
    long lease = last.incrementAndGet();
    leases.add(lease);
    answer.onNext(LeaseGrantResponse.newBuilder().setID(lease).setTTL(TTL_SECONDS).build());
    answer.onCompleted();
  }

  @Override
  public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> answer) {
    leases.remove(request.getID());
    answer.onNext(LeaseRevokeResponse.getDefaultInstance());
    answer.onCompleted();
  }

  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(LeaseKeepAliveRequest request) {
        long ttl = leases.contains(request.getID()) ? TTL_SECONDS : 0;
        answer.onNext(
            LeaseKeepAliveResponse.newBuilder().setID(request.getID()).setTTL(ttl).build());
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }
}
