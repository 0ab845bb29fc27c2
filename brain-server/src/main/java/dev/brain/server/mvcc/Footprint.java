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
 * @param bytes the bytes of its keys and values, roughly
 */
record Footprint(Set<Key> keys, boolean readsRanges, long bytes) {

  static Footprint of(Txn txn) {
    Collector collector = new Collector();
    collector.add(txn);
    return new Footprint(collector.keys, collector.readsRanges, collector.bytes);
  }

  private static final class Collector {
    private final Set<Key> keys = new LinkedHashSet<>();
    private boolean readsRanges;
    private long bytes;

    void add(Txn txn) {
      for (Compare compare : txn.compares()) {
        add(compare.range());
        if (compare.operand() instanceof Compare.Operand.Value(byte[] value)) {
          bytes += value.length;
        }
      }
      add(txn.success());
      add(txn.failure());
    }

    private void add(List<Op> ops) {
      for (Op op : ops) {
        switch (op) {
          case Op.Put put -> {
            keys.add(put.key());
            bytes += put.key().bytes().length + put.value().length;
          }
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
      bytes += range.start().length;
      if (range.isSingle()) {
        keys.add(Key.of(range.start()));
      } else {
        readsRanges = true;
      }
    }
  }
}
