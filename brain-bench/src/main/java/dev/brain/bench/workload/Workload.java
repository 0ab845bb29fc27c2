// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import java.util.List;

/**
 * One kind of operation, asked of one server again and again.
 *
 * <p>{@link #prepare}, {@link #finish} and {@link #close} are called once each, in this order, by
 * one thread, which they may block. Between the first two {@link #start} is called by any thread,
 * but for each client by one at a time, with the previous call's effects visible.
 */
public interface Workload extends AutoCloseable {

  /** What is measured apart; at least one, the same at every call. */
  List<Series> series();

  /**
   * Brings the server into the state the operations need.
   *
   * @param events takes what happens beside the operations, from now until {@link #finish} returns
   * @throws WorkloadException if the server does not let it
   */
  void prepare(EventSink events) throws InterruptedException;

  /** How many operations there are, at indexes from 0. */
  default long limit() {
    return Long.MAX_VALUE;
  }

  /** The operations per second it needs to be what it is; 0 if any number will do. */
  default double rate() {
    return 0;
  }

  /**
   * Starts one operation and returns without waiting for it.
   *
   * @param client whose turn it is, from 0; has no other operation under way
   * @param index of the operation; none is used twice
   * @param completion told the outcome exactly once, by any thread, also during this call
   */
  void start(int client, long index, Completion completion);

  /**
   * Waits for what the operations have set in motion.
   *
   * @return what the server did wrong, one sentence each; empty if nothing is known
   */
  default List<String> finish() throws InterruptedException {
    return List.of();
  }

  /** Ends what is open; keys stay. */
  @Override
  default void close() {}
}
