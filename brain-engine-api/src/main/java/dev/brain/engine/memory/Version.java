// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.CommitOutcome.ConditionFailed;
import dev.brain.engine.Condition;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.WriteBatch.Operation;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of all spaces at one moment. Immutable: a snapshot is nothing but a reference to the
 * version that was the newest when it was opened.
 */
final class Version {
  /** The content of empty storage. */
  static final Version EMPTY = new Version(new EnumMap<>(Space.class));

  /** One tree for each space that is not empty. */
  private final EnumMap<Space, Node> roots;

  private Version(EnumMap<Space, Node> roots) {
    this.roots = roots;
  }

  /** The tree of one space; null if the space is empty. */
  @Nullable Node root(Space space) {
    return roots.get(space);
  }

  /** A copy of a key's value, or null if it is absent. */
  byte @Nullable [] get(Space space, byte[] key) {
    byte[] value = Node.get(root(space), key);
    return value == null ? null : value.clone();
  }

  /** The bytes of all keys and values. */
  long bytes() {
    long bytes = 0;
    for (Node root : roots.values()) {
      bytes += Node.bytes(root);
    }
    return bytes;
  }

  /** The first condition of a batch that does not hold here, or null if all hold. */
  @Nullable ConditionFailed check(WriteBatch batch) {
    for (Condition condition : batch.conditions()) {
      byte[] current = get(condition.space(), condition.key());
      if (!condition.holds(current)) {
        return new ConditionFailed(condition, current);
      }
    }
    return null;
  }

  /** The content after the operations of a batch; copies what it keeps of the batch. */
  Version apply(WriteBatch batch) {
    EnumMap<Space, Node> changed = roots.clone();
    for (Operation operation : batch.operations()) {
      switch (operation) {
        case Operation.Put(Space space, byte[] key, byte[] value) ->
            changed.put(space, Node.put(changed.get(space), key.clone(), value.clone()));
        case Operation.Delete(Space space, byte[] key) ->
            remove(changed, space, KeyRange.single(key));
        case Operation.DeleteRange(Space space, KeyRange range) -> remove(changed, space, range);
      }
    }
    return new Version(changed);
  }

  private static void remove(EnumMap<Space, Node> roots, Space space, KeyRange range) {
    Node left = Node.remove(roots.get(space), range);
    if (left == null) {
      roots.remove(space);
    } else {
      roots.put(space, left);
    }
  }
}
