// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeResponse;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Leases that end when their time is over, however often they are kept alive. */
final class FakeLease extends LeaseGrpc.LeaseImplBase implements AutoCloseable {
  private static final long TTL_SECONDS = 60;

  private final AtomicLong last = new AtomicLong();
  private final Set<Long> leases = ConcurrentHashMap.newKeySet();
  private final Map<Long, Queue<ByteString>> keys = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
  private final FakeStore store;

  FakeLease(FakeStore store) {
    this.store = store;
  }

  /** Ties a key to a lease; 0 stands for none. */
  void attach(long lease, ByteString key) {
    if (lease != 0) {
      keys.computeIfAbsent(lease, absent -> new ConcurrentLinkedQueue<>()).add(key);
    }
  }

  private void expire(long lease) {
    leases.remove(lease);
    for (ByteString key : keys.getOrDefault(lease, new ConcurrentLinkedQueue<>())) {
      store.delete(key, ByteString.EMPTY);
    }
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> answer) {
    long lease = last.incrementAndGet();
    leases.add(lease);
    var _ = timers.schedule(() -> expire(lease), request.getTTL(), TimeUnit.SECONDS);
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
