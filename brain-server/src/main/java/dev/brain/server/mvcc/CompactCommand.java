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
  private final Completion<Long> raised;

  /**
   * @param watermark the newest revision that a client can know
   * @param raised told the newest assigned revision once the compact revision is durable
   */
  CompactCommand(long revision, LongSupplier watermark, Completion<Long> raised) {
    this.revision = revision;
    this.watermark = watermark;
    this.raised = raised;
  }

  @Override
  public boolean needsSettledEngine() {
    return false;
  }

  @Override
  public void prepare() {}

  @Override
  public Decision decide(OrderedState state) throws FailureException {
    // etcd starts from "compacted at -1", so 0 passes once, on a store that was never compacted.
    boolean first = state.compactRevision() == 0 && revision == 0;
    if (revision <= state.compactRevision() && !first) {
      throw new FailureException(new Failure.Compacted(state.compactRevision()));
    }
    if (revision > watermark.getAsLong()) {
      throw new FailureException(new Failure.FutureRevision());
    }
    state.compact(revision);
    return new Decision.Write(
        Pending.unnumbered(
            state.revision(),
            batch -> batch.put(Space.META, MetaKeys.COMPACT_REVISION, MetaKeys.number(revision)),
            Answer.of(state.revision(), raised)));
  }

  @Override
  public void release() {}

  @Override
  public void fail(Failure failure) {
    raised.fail(failure);
  }
}
