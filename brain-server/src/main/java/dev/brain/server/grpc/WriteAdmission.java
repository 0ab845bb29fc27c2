// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses writes that come when too many are under way, before they reach the store. Thread-safe;
 * never blocks.
 */
public final class WriteAdmission {
  /*
   * Up to the limit everybody is let in. Above it, only who has less than a fair share: the limit by
   * the number of connections that write. So a client that floods the server meets the limit, and the
   * others do not. Together that is at most the limit and one share each, which is twice the limit.
   *
   * Invariants:
   *  1. underWay is the number of writes that were let in and have no answer, and those that are just
   *     looked at; Connection.writes the same of one connection.
   *  2. writing is the number of connections whose writes are not 0.
   */

  /** Fewer writes than this are never refused here: they are what small clusters have at most. */
  private static final int LEAST = 1_000;

  private final WriteLimit limit;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger writing = new AtomicInteger();

  /**
   * Admits writes.
   *
   * @param nanoTime a clock that never goes back, in nanoseconds
   * @param aim writes are refused if those under way take longer than this
   * @param greatest as many may be under way if all of them are answered in time; at least 1,000
   */
  public WriteAdmission(LongSupplier nanoTime, Duration aim, int greatest) {
    this(new WriteLimit(nanoTime, aim, LEAST, greatest));
  }

  WriteAdmission(WriteLimit limit) {
    this.limit = limit;
  }

  /** How many writes may be under way now. */
  public int limit() {
    return limit.now();
  }

  /** How many writes are under way. */
  public int underWay() {
    return underWay.get();
  }

  /**
   * Runs a write, or fails it as too many requests.
   *
   * @param connection who writes
   * @param answer the answer
   * @param write hands the write to the store, with a completion that must be called once
   */
  <R> void run(Connection connection, Completion<R> answer, Consumer<Completion<R>> write) {
    int own = connection.writes().getAndIncrement();
    if (own == 0) {
      writing.incrementAndGet();
    }
    int all = underWay.incrementAndGet();
    if (limit.allows(all) || own < limit.now() / Math.max(1, writing.get())) {
      write.accept(new Admitted<>(connection, answer, limit.begin(all)));
    } else {
      leave(connection);
      answer.fail(new Failure.TooManyRequests());
    }
  }

  private void leave(Connection connection) {
    underWay.decrementAndGet();
    if (connection.writes().decrementAndGet() == 0) {
      writing.decrementAndGet();
    }
  }

  /** A write under way. */
  private final class Admitted<R> implements Completion<R> {
    private final Connection connection;
    private final Completion<R> answer;
    private final WriteLimit.@Nullable Probe probe;

    Admitted(Connection connection, Completion<R> answer, WriteLimit.@Nullable Probe probe) {
      this.connection = connection;
      this.answer = answer;
      this.probe = probe;
    }

    @Override
    public void complete(R result) {
      end();
      answer.complete(result);
    }

    @Override
    public void fail(Failure failure) {
      end();
      answer.fail(failure);
    }

    private void end() {
      leave(connection);
      limit.end(probe);
    }
  }
}
