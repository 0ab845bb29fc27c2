// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.EngineException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a server whose storage may not be there yet: machines that are switched on together do not
 * come up in order. For one thread.
 */
final class StartAttempts {
  private static final Logger log = LoggerFactory.getLogger(StartAttempts.class);

  /** Whoever supervises this process can do more about it then. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /** Starts a server, or leaves nothing running. */
  interface Start {
    BrainServer start() throws StartException;
  }

  /** Lets time pass. */
  interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  private final LongSupplier nanoTime;
  private final Pause pause;

  StartAttempts(LongSupplier nanoTime, Pause pause) {
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /**
   * Tries to start while the storage cannot be reached, with growing pauses, for about a minute.
   *
   * @throws StartException if it cannot be started for another reason, or not in time
   */
  BrainServer run(Start start) throws StartException, InterruptedException {
    long began = nanoTime.getAsLong();
    Duration next = FIRST_PAUSE;
    while (true) {
      try {
        return start.start();
      } catch (StartException e) {
        boolean late = nanoTime.getAsLong() - began >= PATIENCE.toNanos();
        if (late || !(e.getCause() instanceof EngineException.Unavailable)) {
          throw e;
        }
        log.warn("{}; trying again in {} s", e.getMessage(), next.toSeconds());
      }
      pause.pause(next);
      next =
          next.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next.multipliedBy(2);
    }
  }
}
