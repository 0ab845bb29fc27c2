// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import java.util.function.Consumer;

/** Writes rows of the meta space in the one order of writes, without a revision. */
final class RecordCommand implements Command {
  private final Consumer<WriteBatch> rows;
  private final Completion<Long> completion;

  RecordCommand(Consumer<WriteBatch> rows, Completion<Long> completion) {
    this.rows = rows;
    this.completion = completion;
  }

  @Override
  public boolean needsSettledEngine() {
    return false;
  }

  @Override
  public void prepare() {}

  @Override
  public Decision decide(OrderedState state) {
    return new Decision.Write(
        Pending.unnumbered(rows, Effect.NONE, Answer.of(state.revision(), completion)));
  }

  @Override
  public void release() {}

  @Override
  public void fail(Failure failure) {
    completion.fail(failure);
  }
}
