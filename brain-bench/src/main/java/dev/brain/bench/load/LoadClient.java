// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import dev.brain.bench.workload.Completion;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One client: starts an operation, and the next when it has the outcome. */
final class LoadClient implements Completion {
  /*
   * An outcome may come during the start itself, on the same thread or another. A client that started the next operation
   * from there could go ever deeper into its own calls. Therefore:
   *
   * 1. Before each start the state is STARTING. Whoever moves it first decides: the starter to WAITING, or the outcome
   *    to ENDED.
   * 2. The outcome that finds WAITING goes on itself; the starter that finds ENDED goes on with its loop. So one thread
   *    at a time runs advance, and the depth is bounded.
   */
  private static final int STARTING = 0;
  private static final int WAITING = 1;
  private static final int ENDED = 2;

  /** A server that refuses is not asked again at once. */
  private static final long PAUSE_AFTER_ERROR_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LoadRun run;
  private final int number;
  private final AtomicInteger state = new AtomicInteger(WAITING);

  /** These belong to the thread that runs advance, and to the outcome after it. */
  private long index = LoadRun.NONE;

  private long due;
  private long notBefore;

  LoadClient(LoadRun run, int number, long now) {
    this.run = run;
    this.number = number;
    this.notBefore = now;
  }

  /**
   * Starts operations until one has its outcome still to come, or the client has to wait or end.
   */
  void advance() {
    do {
      if (!ready()) {
        return;
      }
      long operation = index;
      index = LoadRun.NONE;
      state.set(STARTING);
      run.start(number, operation, this);
    } while (!state.compareAndSet(STARTING, WAITING));
  }

  /** Whether the next operation is to start now; otherwise this client is woken later, or ends. */
  private boolean ready() {
    if (index == LoadRun.NONE) {
      index = run.claim();
      if (index == LoadRun.NONE) {
        return false;
      }
    }
    long now = run.now();
    due = run.due(index, now);
    long wake = due - notBefore < 0 ? notBefore : due;
    if (wake - now <= 0) {
      return run.begin(now);
    }
    run.wake(this::advance, wake - now);
    return false;
  }

  @Override
  public void succeeded(int series, long units) {
    run.succeeded(series, due, units);
    goOn();
  }

  @Override
  public void conflicted() {
    run.conflicted();
    goOn();
  }

  @Override
  public void failed(String error) {
    notBefore = run.now() + PAUSE_AFTER_ERROR_NANOS;
    run.failed(error);
    goOn();
  }

  private void goOn() {
    if (!state.compareAndSet(STARTING, ENDED)) {
      advance();
    }
  }
}
