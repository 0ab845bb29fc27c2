// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.Txn;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction with its branches chosen: what will be carried out.
 *
 * @param succeeded whether all compares held
 * @param steps the operations of the branch taken
 */
record TxnPlan(boolean succeeded, List<Step> steps) {

  /** An operation, or a nested plan. */
  sealed interface Step {
    record Put(Op.Put put) implements Step {}

    record Delete(Op.DeleteRange delete) implements Step {}

    record Range(Op.Range range) implements Step {}

    record Nested(TxnPlan plan) implements Step {}
  }

  /** What compares look at. */
  interface Source {
    /** The keys of a range that exist before the transaction, in key order. */
    List<KeyValue> live(KeyRange range);
  }

  /**
   * Chooses the branches. All compares, nested ones too, see the state before the transaction, as
   * etcd does it.
   */
  static TxnPlan choose(Txn txn, Source before) {
    boolean succeeded = allHold(txn.compares(), before);
    List<Op> branch = succeeded ? txn.success() : txn.failure();
    List<Step> steps = new ArrayList<>(branch.size());
    for (Op op : branch) {
      steps.add(
          switch (op) {
            case Op.Put put -> new Step.Put(put);
            case Op.DeleteRange delete -> new Step.Delete(delete);
            case Op.Range range -> new Step.Range(range);
            case Op.Nested nested -> new Step.Nested(choose(nested.txn(), before));
          });
    }
    return new TxnPlan(succeeded, steps);
  }

  private static boolean allHold(List<Compare> compares, Source before) {
    for (Compare compare : compares) {
      if (!holds(compare, before.live(compare.range()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(Compare compare, List<KeyValue> rows) {
    if (rows.isEmpty()) {
      return compare.holds(null);
    }
    for (KeyValue keyValue : rows) {
      if (!compare.holds(keyValue.row())) {
        return false;
      }
    }
    return true;
  }
}
