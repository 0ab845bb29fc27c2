// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what makes the next calls faster and may as well not happen: clearing away locks. At most a
 * bounded number at once; what comes beyond is done by the caller, who is slowed down by it.
 * Thread-safe.
 */
final class Background {
  private static final Logger log = LoggerFactory.getLogger(Background.class);

  private static final int TASKS = 64;

  private final ExecutorService executor;
  private final Supplier<Budget> budgets;
  private final Semaphore permits = new Semaphore(TASKS);

  Background(ExecutorService executor, Supplier<Budget> budgets) {
    this.executor = executor;
    this.budgets = budgets;
  }

  void run(Consumer<Budget> task) {
    if (!permits.tryAcquire()) {
      tryTo(task);
      return;
    }
    Future<?> _ =
        executor.submit(
            () -> {
              try {
                tryTo(task);
              } finally {
                permits.release();
              }
            });
  }

  private void tryTo(Consumer<Budget> task) {
    try {
      task.accept(budgets.get());
    } catch (EngineException e) {
      log.debug("locks are left to those who meet them: {}", e.getMessage());
    }
  }
}
