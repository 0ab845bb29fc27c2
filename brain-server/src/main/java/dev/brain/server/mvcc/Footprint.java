// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.Txn;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a transaction may look at, in whichever branch.
 *
 * @param keys single keys whose newest version is looked at
 * @param readsRanges whether it looks at ranges of several keys, or at old revisions
 */
record Footprint(Set<Key> keys, boolean readsRanges) {

  static Footprint of(Txn txn) {
    Collector collector = new Collector();
    collector.add(txn);
    return new Footprint(collector.keys, collector.readsRanges);
  }

  private static final class Collector {
    private final Set<Key> keys = new LinkedHashSet<>();
    private boolean readsRanges;

    void add(Txn txn) {
      for (Compare compare : txn.compares()) {
        add(compare.range());
      }
      add(txn.success());
      add(txn.failure());
    }

    private void add(List<Op> ops) {
      for (Op op : ops) {
        switch (op) {
          case Op.Put put -> keys.add(put.key());
          case Op.DeleteRange delete -> add(delete.range());
          case Op.Range range -> {
            readsRanges |= range.query().revision() > 0;
            add(range.query().range());
          }
          case Op.Nested nested -> add(nested.txn());
        }
      }
    }

    private void add(KeyRange range) {
      if (range.isSingle()) {
        keys.add(Key.of(range.start()));
      } else {
        readsRanges = true;
      }
    }
  }
}
