// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

/** Takes the outcome of one operation; exactly one method is called, once. */
public interface Completion {

  /**
   * The operation did what it is measured for.
   *
   * @param series the place in {@link Workload#series()} it belongs to
   * @param units how many of the series' unit it handled; 1 if that has none
   */
  void succeeded(int series, long units);

  /** The server answered that a compare did not hold. */
  void conflicted();

  /**
   * There is no answer, a refusal, or a wrong answer.
   *
   * @param error what went wrong; few different texts, as they are counted by text
   */
  void failed(String error);
}
