// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

/** Passes an outcome on. */
public abstract class ForwardingCompletion implements Completion {
  private final Completion completion;

  protected ForwardingCompletion(Completion completion) {
    this.completion = completion;
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
    completion.failed(error);
  }
}
