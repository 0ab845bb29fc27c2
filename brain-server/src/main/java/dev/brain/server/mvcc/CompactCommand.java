// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Space;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import java.util.function.LongSupplier;

/** Raises the compact revision; what it makes unreadable is deleted later. */
final class CompactCommand implements Command {
  private final long revision;
  private final LongSupplier watermark;
  private final Runnable raised;
  private final Completion<Long> completion;

  /**
   * @param watermark the newest revision that a client can know
   * @param raised run once the compact revision is durable, whatever the client was told
   * @param completion told the newest revision after that
   */
  CompactCommand(
      long revision, LongSupplier watermark, Runnable raised, Completion<Long> completion) {
    this.revision = revision;
    this.watermark = watermark;
    this.raised = raised;
    this.completion = completion;
  }

  @Override
  public boolean needsSettledEngine() {
    return false;
  }

  @Override
  public void prepare() {}

  @Override
  public Decision decide(OrderedState state) throws FailureException {
    long previous = state.compactRevision();
    if (revision <= previous) {
      throw new FailureException(new Failure.Compacted(Math.max(0, previous)));
    }
    if (revision > watermark.getAsLong()) {
      throw new FailureException(new Failure.FutureRevision());
    }
    state.compact(revision);
    return new Decision.Write(
        Pending.unnumbered(
            batch -> batch.put(Space.META, MetaKeys.COMPACT_REVISION, MetaKeys.number(revision)),
            new Effect() {
              @Override
              public void applied() {
                raised.run();
              }

              @Override
              public void undone() {
                state.compact(previous);
              }
            },
            Answer.of(state.revision(), completion)));
  }

  @Override
  public void release() {}

  @Override
  public void fail(Failure failure) {
    completion.fail(failure);
  }
}
