// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import dev.brain.engine.KeyRange;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.server.kv.Key;
import java.util.List;
import java.util.TreeSet;

/** The keys that a list of operations may put or delete, whatever its compares decide. */
final class TouchedKeys {
  /*
   * No key may be put twice on a path that can be executed, or be put and lie in a range that is
   * deleted, at whatever levels the two stand. Deleting twice is allowed. The two branches of one
   * transaction never run together, so they are not held against each other, only their union
   * against everything beside and above them.
   *
   * Cost: every put and delete is looked up and carried upwards once per level, in logarithmic time.
   */

  private final TreeSet<Key> puts = new TreeSet<>();
  private final RangeSet<Key> deletes = TreeRangeSet.create();

  private TouchedKeys() {}

  /** Whether some key is touched twice where that is forbidden. */
  static boolean collide(List<RequestOp> operations) {
    boolean harmless =
        operations.isEmpty() || (operations.size() == 1 && !operations.getFirst().hasRequestTxn());
    return !harmless && !new TouchedKeys().addAll(operations);
  }

  /** Adds operations that run one after another; false if they collide. */
  private boolean addAll(List<RequestOp> operations) {
    for (RequestOp operation : operations) {
      boolean fits =
          switch (operation.getRequestCase()) {
            case REQUEST_PUT -> put(Key.of(operation.getRequestPut().getKey().toByteArray()));
            case REQUEST_DELETE_RANGE ->
                delete(
                    Protos.range(
                        operation.getRequestDeleteRange().getKey(),
                        operation.getRequestDeleteRange().getRangeEnd()));
            case REQUEST_TXN ->
                addBranches(
                    operation.getRequestTxn().getSuccessList(),
                    operation.getRequestTxn().getFailureList());
            case REQUEST_RANGE, REQUEST_NOT_SET -> true;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private boolean addBranches(List<RequestOp> success, List<RequestOp> failure) {
    TouchedKeys either = new TouchedKeys();
    TouchedKeys other = new TouchedKeys();
    if (!either.addAll(success) || !other.addAll(failure)) {
      return false;
    }
    either.puts.addAll(other.puts);
    either.deletes.addAll(other.deletes);
    for (Key key : either.puts) {
      if (puts.contains(key) || deletes.contains(key)) {
        return false;
      }
    }
    for (Range<Key> range : either.deletes.asRanges()) {
      if (holdsPut(range)) {
        return false;
      }
    }
    puts.addAll(either.puts);
    deletes.addAll(either.deletes);
    return true;
  }

  private boolean put(Key key) {
    return !deletes.contains(key) && puts.add(key);
  }

  private boolean delete(KeyRange range) {
    if (range.isEmpty()) {
      return true;
    }
    byte[] end = range.end();
    Key start = Key.of(range.start());
    Range<Key> deleted = end == null ? Range.atLeast(start) : Range.closedOpen(start, Key.of(end));
    deletes.add(deleted);
    return !holdsPut(deleted);
  }

  private boolean holdsPut(Range<Key> range) {
    Key first = puts.ceiling(range.lowerEndpoint());
    return first != null && range.contains(first);
  }
}
