// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.HashMap;
import java.util.Map;

/** A transaction that may write. */
final class TxnCommand implements Command {
  private final Txn txn;
  private final HeadCache heads;
  private final Completion<TxnResult> completion;
  private final Footprint footprint;
  private final Map<Key, Head> pinned;

  TxnCommand(Txn txn, HeadCache heads, Completion<TxnResult> completion) {
    this.txn = txn;
    this.heads = heads;
    this.completion = completion;
    this.footprint = Footprint.of(txn);
    this.pinned = HashMap.newHashMap(footprint.keys().size());
  }

  @Override
  public boolean needsSettledEngine() {
    return footprint.readsRanges();
  }

  @Override
  public long bytes() {
    return footprint.bytes();
  }

  @Override
  public void prepare() {
    for (Key key : footprint.keys()) {
      Head head = heads.pin(key);
      pinned.put(key, head);
      heads.load(head);
    }
  }

  @Override
  public Decision decide(OrderedState state) throws FailureException {
    try (TxnView view = new TxnView(state, pinned, footprint.readsRanges())) {
      TxnExecutor executor = new TxnExecutor(state, view);
      TxnResult result = executor.execute(txn);
      Answer answer = Answer.of(result, completion);
      if (!executor.changesAnything()) {
        return new Decision.NoWrite(state.revision(), answer);
      }
      long revision = state.assign(executor.changes());
      return new Decision.Write(
          Pending.revision(revision, executor.changes(), batch -> {}, Effect.NONE, answer));
    }
  }

  @Override
  public void release() {
    pinned.values().forEach(heads::unpin);
    pinned.clear();
  }

  @Override
  public void fail(Failure failure) {
    completion.fail(failure);
  }
}
