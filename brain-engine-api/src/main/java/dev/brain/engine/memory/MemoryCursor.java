// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.Cursor;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A walk over one tree. For one thread. */
final class MemoryCursor implements Cursor {

  /*
   * The stack holds the nodes whose key lies on the near side of the walk's start and which are not
   * given out yet, the next one on top; below each node follow those whose left (ascending) subtree
   * contains it. Each node is pushed and popped once, so a whole walk costs its length.
   */
  private final MemorySnapshot snapshot;
  private final KeyRange range;
  private final boolean reverse;
  private final Deque<Node> stack = new ArrayDeque<>();
  private @Nullable Node current;
  private boolean closed;

  MemoryCursor(MemorySnapshot snapshot, @Nullable Node tree, KeyRange range, boolean reverse) {
    this.snapshot = snapshot;
    this.range = range;
    this.reverse = reverse;
    descend(tree);
  }

  @Override
  public boolean next() {
    requireOpen();
    Node node = stack.poll();
    if (node != null && !range.contains(node.key)) {
      stack.clear();
      node = null;
    }
    current = node;
    if (node != null) {
      descend(reverse ? node.left : node.right);
    }
    return node != null;
  }

  /** Pushes the path to the nearest entry of the range in a subtree. */
  private void descend(@Nullable Node subtree) {
    byte[] end = range.end();
    Node node = subtree;
    while (node != null) {
      boolean inside =
          reverse
              ? end == null || Arrays.compareUnsigned(node.key, end) < 0
              : Arrays.compareUnsigned(node.key, range.start()) >= 0;
      if (inside) {
        stack.push(node);
      }
      node = inside != reverse ? node.left : node.right;
    }
  }

  @Override
  public byte[] key() {
    return current().key.clone();
  }

  @Override
  public byte[] value() {
    return current().value.clone();
  }

  @Override
  public int value(byte[] target) {
    byte[] value = current().value;
    System.arraycopy(value, 0, target, 0, Math.min(value.length, target.length));
    return value.length;
  }

  private Node current() {
    requireOpen();
    Node node = current;
    if (node == null) {
      throw new IllegalStateException("the cursor is not at an entry");
    }
    return node;
  }

  private void requireOpen() {
    if (closed) {
      throw new EngineException.Closed("the cursor is closed");
    }
    snapshot.requireOpen();
  }

  @Override
  public void close() {
    closed = true;
    stack.clear();
    current = null;
  }
}
