// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import java.util.concurrent.atomic.AtomicLong;

/** Counts outcomes that leave open whether the server has done anything. */
public class Uncertain extends ForwardingCompletion {
  private final AtomicLong uncertain;

  /** Counts in {@code uncertain}. */
  public Uncertain(Completion completion, AtomicLong uncertain) {
    super(completion);
    this.uncertain = uncertain;
  }

  @Override
  public void failed(String error) {
    uncertain.incrementAndGet();
    super.failed(error);
  }
}
