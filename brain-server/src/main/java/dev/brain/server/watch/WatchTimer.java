// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import java.time.Duration;
import java.util.concurrent.Future;

/** Runs things later. Thread-safe. */
public interface WatchTimer {
  /** Runs a task once, which is short, on any thread; unless the answer is cancelled before. */
  Future<?> after(Duration delay, Runnable task);
}
