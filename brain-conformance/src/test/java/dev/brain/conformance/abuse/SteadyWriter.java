// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.abuse;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.Requests;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client of few, small writes, as a cluster in peace has them: what others do to a server shows
 * in their latency. A write is due every ten milliseconds, whether the last ones were answered or
 * not, and its latency counts from when it was due. Thread-safe.
 */
final class SteadyWriter implements AutoCloseable {
  private static final long PERIOD_NANOS = 10_000_000;
  private static final int MOST_UNANSWERED = 1_000;

  private final Client client;
  private final Thread thread;
  private final List<Long> nanos = new ArrayList<>();
  private volatile boolean closed;
  private int answered;
  private int refused;
  private int sent;

  private SteadyWriter(int port) {
    this.client = Client.to(port);
    this.thread = new Thread(this::write, "steady writer");
    this.thread.setDaemon(true);
  }

  /** Begins to write to the server on a port, by a connection of its own. */
  static SteadyWriter to(int port) {
    SteadyWriter writer = new SteadyWriter(port);
    writer.thread.start();
    return writer;
  }

  private void write() {
    long due = System.nanoTime();
    while (!closed) {
      long now = System.nanoTime();
      if (now < due || unanswered() >= MOST_UNANSWERED) {
        LockSupport.parkNanos(this, Math.max(due - now, PERIOD_NANOS));
        continue;
      }
      long began = due;
      int number = next();
      CompletableFuture<Void> _ =
          client
              .callLater(Requests.put("steady/" + number % 100, "" + number))
              .thenAccept(answer -> end(answer, System.nanoTime() - began));
      due += PERIOD_NANOS;
    }
  }

  private synchronized int unanswered() {
    return sent - answered - refused;
  }

  private synchronized int next() {
    return sent++;
  }

  private synchronized void end(Answer answer, long took) {
    if (answer.code() == Status.Code.OK) {
      answered++;
      nanos.add(took);
    } else {
      refused++;
    }
  }

  /** How many writes were answered. */
  synchronized int answered() {
    return answered;
  }

  /** How many writes were not answered with OK. */
  synchronized int refused() {
    return refused;
  }

  /** What was seen since the last call, in one line. */
  synchronized String takeLatencies() {
    List<Long> sorted = new ArrayList<>(nanos);
    nanos.clear();
    if (sorted.isEmpty()) {
      return "no writes";
    }
    Collections.sort(sorted);
    return "%,d writes, p50 %d ms, p99 %d ms, max %d ms"
        .formatted(sorted.size(), millis(sorted, 0.5), millis(sorted, 0.99), millis(sorted, 1));
  }

  private static long millis(List<Long> sorted, double part) {
    int index = (int) Math.ceil(part * sorted.size()) - 1;
    return TimeUnit.NANOSECONDS.toMillis(sorted.get(Math.max(0, index)));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
