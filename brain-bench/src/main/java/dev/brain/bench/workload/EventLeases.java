// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The lease of new events: one for many of them, as kube-apiserver has it, and a new one when it
 * has many or is half as old as it may become. Safe for all threads.
 */
final class EventLeases {
  private static final int EVENTS_PER_LEASE = 1000;
  private static final long TTL_SECONDS = 60;
  private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(TTL_SECONDS) / 2;
  private static final LeaseGrantRequest REQUEST =
      LeaseGrantRequest.newBuilder().setTTL(TTL_SECONDS).build();

  private final Scene scene;

  // The rest is guarded by this.
  private long lease;
  private long grantedAt;
  private int events;

  EventLeases(Scene scene) {
    this.scene = scene;
  }

  /** Grants the first lease. */
  void prepare() {
    try {
      granted(
          LeaseGrpc.newBlockingStub(scene.connections().of(0))
              .withDeadlineAfter(scene.timeout().toNanos(), TimeUnit.NANOSECONDS)
              .leaseGrant(REQUEST)
              .getID());
    } catch (StatusRuntimeException e) {
      throw new WorkloadException("A lease cannot be granted: " + Call.error(e), e);
    }
  }

  /** Gives a lease, which may have to be granted first; tells {@code completion} if that fails. */
  void use(int client, Completion completion, LongConsumer user) {
    long present;
    synchronized (this) {
      present = lease;
      if (++events > EVENTS_PER_LEASE || scene.clock().getAsLong() - grantedAt > OLD_NANOS) {
        // The others go on with the old lease until the new one is there.
        present = 0;
        events = 0;
        grantedAt = scene.clock().getAsLong();
      }
    }
    if (present != 0) {
      user.accept(present);
      return;
    }
    Call.start(
        scene.connections().of(client),
        LeaseGrpc.getLeaseGrantMethod(),
        REQUEST,
        completion,
        answer -> {
          granted(answer.getID());
          user.accept(answer.getID());
        });
  }

  private synchronized void granted(long id) {
    lease = id;
    grantedAt = scene.clock().getAsLong();
    events = 0;
  }
}
