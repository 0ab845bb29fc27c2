// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.lease;

import dev.brain.server.mvcc.LeaseRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** One lease with its deadline. Guarded by the {@link Lessor} that has made it. */
final class Deadline {
  private final LeaseRecord lease;
  private long micros;

  /** Whether its revocation was handed to the store, or is about to be. */
  private boolean revoking;

  /** Keep-alives that came too late and wait for the revocation. */
  private final List<LongConsumer> late = new ArrayList<>(0);

  Deadline(LeaseRecord lease, long nowMicros) {
    this.lease = lease;
    renew(nowMicros);
  }

  LeaseRecord lease() {
    return lease;
  }

  long micros() {
    return micros;
  }

  void moveTo(long deadlineMicros) {
    micros = deadlineMicros;
  }

  /** Gives the full time to live again, counted from the end of the microsecond that runs. */
  void renew(long nowMicros) {
    micros = nowMicros + 1 + TimeUnit.SECONDS.toMicros(lease.ttlSeconds());
  }

  boolean hasPassed(long nowMicros) {
    return micros <= nowMicros;
  }

  boolean isRevoking() {
    return revoking;
  }

  void setRevoking(boolean isRevoking) {
    revoking = isRevoking;
  }

  List<LongConsumer> late() {
    return late;
  }
}
