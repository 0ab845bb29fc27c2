// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

/** One way to ask too much of a server. */
public interface Scenario {

  /** Such as {@code flood}. */
  String name();

  /**
   * Plays it once; returns when the server is done with it, or the time for that is over.
   *
   * @throws dev.brain.bench.workload.WorkloadException if it cannot be played on this server
   */
  Outcome play(Stage stage) throws InterruptedException;
}
