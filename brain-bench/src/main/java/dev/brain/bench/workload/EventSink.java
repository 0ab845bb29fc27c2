// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

/** Takes what a server does beside answering operations. Safe for all threads. */
public interface EventSink {

  /**
   * One event has arrived now.
   *
   * @param series the place in {@link Workload#series()} it belongs to
   * @param begun when its cause was sent, in the nanoseconds of the workload's clock
   */
  void arrived(int series, long begun);
}
