// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import java.util.concurrent.atomic.AtomicLong;

/** Passes an outcome on, and counts those that leave open whether the server has done anything. */
public class Uncertain implements Completion {
  private final Completion completion;
  private final AtomicLong uncertain;

  /** Counts in {@code uncertain}. */
  public Uncertain(Completion completion, AtomicLong uncertain) {
    this.completion = completion;
    this.uncertain = uncertain;
  }

  @Override
  public void succeeded(int series, long units) {
    completion.succeeded(series, units);
  }

  @Override
  public void conflicted() {
    completion.conflicted();
  }

  @Override
  public void failed(String error) {
    uncertain.incrementAndGet();
    completion.failed(error);
  }
}
