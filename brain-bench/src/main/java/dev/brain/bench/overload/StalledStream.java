// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import com.google.protobuf.ByteString;
import dev.brain.bench.wire.Methods;
import dev.brain.bench.wire.WatchTally;
import dev.brain.bench.workload.WorkloadException;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream of watches on one range that asks for no more than the answers to their creation, until
 * it is told to read on. Safe for all threads.
 */
final class StalledStream extends ClientCall.Listener<WatchTally> {
  private final int watches;
  private final LongSupplier clock;
  private final ClientCall<WatchRequest, WatchTally> call;

  // The rest is guarded by this.

  /** By watch, what it has seen, and the revision of the last of it. */
  private final long[] seen;

  private final long[] sums;
  private final long[] last;
  private int created;
  private boolean reads;
  private @Nullable String fault;

  /** Opens a stream with some watches on the range from {@code start} to before {@code end}. */
  StalledStream(
      Channel channel, ByteString start, ByteString end, int watches, LongSupplier clock) {
    this.watches = watches;
    this.clock = clock;
    this.seen = new long[watches];
    this.sums = new long[watches];
    this.last = new long[watches];
    this.call = channel.newCall(Methods.WATCH, CallOptions.DEFAULT);
    begin(start, end);
  }

  private void begin(ByteString start, ByteString end) {
    call.start(this, new Metadata());
    call.request(watches);
    for (int i = 0; i < watches; i++) {
      call.sendMessage(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder().setKey(start).setRangeEnd(end).setWatchId(i + 1))
              .build());
    }
  }

  /** Waits until all watches are there; the stream reads no more then. */
  synchronized void awaitOpen(long patienceNanos) throws InterruptedException {
    long deadline = clock.getAsLong() + patienceNanos;
    while (created < watches && fault == null && deadline - clock.getAsLong() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, deadline - clock.getAsLong());
    }
    if (fault != null || created < watches) {
      throw new WorkloadException("watches opened: " + created + ", " + fault);
    }
  }

  /** Reads from now on all there is. */
  void readOn() {
    synchronized (this) {
      reads = true;
    }
    call.request(1);
  }

  /**
   * Waits until each watch has seen all of a group; gives up when nothing has come for a while.
   *
   * @return what went wrong; empty if each has seen all, once and in order
   */
  synchronized List<String> await(GroupWorkload.Written written, long patienceNanos)
      throws InterruptedException {
    long before = total();
    long since = clock.getAsLong();
    while (fault == null && before < written.count() * watches) {
      long left = since + patienceNanos - clock.getAsLong();
      if (left <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
      if (total() > before) {
        before = total();
        since = clock.getAsLong();
      }
    }
    List<String> faults = new ArrayList<>();
    if (fault != null) {
      faults.add(fault);
    }
    for (int i = 0; i < watches; i++) {
      if (seen[i] != written.count() || sums[i] != written.sumOfRevisions()) {
        faults.add("events: " + seen[i] + " (expected: the " + written.count() + " written)");
        break;
      }
    }
    return faults;
  }

  private long total() {
    long total = 0;
    for (long one : seen) {
      total += one;
    }
    return total;
  }

  void close() {
    call.cancel("done", null);
  }

  @Override
  public void onMessage(WatchTally message) {
    synchronized (this) {
      take(message);
      notifyAll();
      if (!reads) {
        return;
      }
    }
    call.request(1);
  }

  private void take(WatchTally message) {
    if (message.canceled()) {
      fault = "canceled by the server: " + message.reason();
      return;
    }
    if (message.created()) {
      created++;
    }
    int watch = (int) message.watch() - 1;
    for (long revision : message.revisions()) {
      if (revision <= last[watch]) {
        fault = "revision: " + revision + " (expected: one above " + last[watch] + ")";
      }
      last[watch] = revision;
      seen[watch]++;
      sums[watch] += revision;
    }
  }

  @Override
  public synchronized void onClose(Status status, Metadata trailers) {
    fault = "the stream ended: " + status;
    notifyAll();
  }
}
