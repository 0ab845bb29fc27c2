// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.engine.KeyRange;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Groups of watchers by the range they watch; finds those whose range holds a key. One thread. */
final class RangeTree {
  /*
   * A treap ordered by the start of the range, then by its end, where each node also knows the
   * greatest end in its subtree. To find the ranges that hold a key, subtrees whose greatest end is
   * not above the key are left out, and so is everything to the right of a start above the key. That
   * costs O(log n + found) for ranges that lie apart or contain each other, which is what watched
   * prefixes do.
   *
   * Invariants:
   *  1. Each range is in the tree once; left < node < right.
   *  2. A node's priority is at least that of its children; priorities are random, so the depth is
   *     logarithmic whatever the clients ask for.
   *  3. greatestEnd is the greatest end of the subtree; null is above all ends.
   */
  private static final class Node {
    final WatcherGroup group;
    final int priority;
    @Nullable Node left;
    @Nullable Node right;
    byte @Nullable [] greatestEnd;

    Node(WatcherGroup group, int priority) {
      this.group = group;
      this.priority = priority;
      this.greatestEnd = group.range().end();
    }
  }

  private final RandomGenerator random;
  private @Nullable Node root;

  RangeTree(RandomGenerator random) {
    this.random = random;
  }

  /** Adds a group whose range is not in the tree. */
  void add(WatcherGroup group) {
    root = insert(root, new Node(group, random.nextInt()));
  }

  /** Removes the group of a range that is in the tree. */
  void remove(KeyRange range) {
    root = delete(root, range);
  }

  /** Adds to {@code found} every group whose range holds the key. */
  void find(byte[] key, WatcherGroup.Collector found) {
    find(root, key, found);
  }

  private static void find(@Nullable Node from, byte[] key, WatcherGroup.Collector found) {
    Node node = from;
    while (node != null && isBelow(key, node.greatestEnd)) {
      find(node.left, key, found);
      KeyRange range = node.group.range();
      if (Arrays.compareUnsigned(range.start(), key) > 0) {
        return;
      }
      if (isBelow(key, range.end())) {
        found.add(node.group);
      }
      node = node.right;
    }
  }

  private static Node insert(@Nullable Node node, Node added) {
    if (node == null) {
      return added;
    }
    if (compare(added.group.range(), node.group.range()) < 0) {
      Node left = insert(node.left, added);
      node.left = left;
      if (left.priority > node.priority) {
        return turnRight(node, left);
      }
    } else {
      Node right = insert(node.right, added);
      node.right = right;
      if (right.priority > node.priority) {
        return turnLeft(node, right);
      }
    }
    update(node);
    return node;
  }

  private static @Nullable Node delete(@Nullable Node node, KeyRange range) {
    if (node == null) {
      return null;
    }
    int order = compare(range, node.group.range());
    if (order == 0) {
      return join(node.left, node.right);
    }
    if (order < 0) {
      node.left = delete(node.left, range);
    } else {
      node.right = delete(node.right, range);
    }
    update(node);
    return node;
  }

  /** One tree of two, of which the left one has the smaller ranges. */
  private static @Nullable Node join(@Nullable Node left, @Nullable Node right) {
    if (left == null) {
      return right;
    }
    if (right == null) {
      return left;
    }
    if (left.priority > right.priority) {
      left.right = join(left.right, right);
      update(left);
      return left;
    }
    right.left = join(left, right.left);
    update(right);
    return right;
  }

  private static Node turnRight(Node node, Node left) {
    node.left = left.right;
    update(node);
    left.right = node;
    update(left);
    return left;
  }

  private static Node turnLeft(Node node, Node right) {
    node.right = right.left;
    update(node);
    right.left = node;
    update(right);
    return right;
  }

  private static void update(Node node) {
    byte[] greatest = node.group.range().end();
    greatest = node.left == null ? greatest : greater(greatest, node.left.greatestEnd);
    node.greatestEnd = node.right == null ? greatest : greater(greatest, node.right.greatestEnd);
  }

  private static byte @Nullable [] greater(byte @Nullable [] one, byte @Nullable [] other) {
    return compareEnds(one, other) >= 0 ? one : other;
  }

  private static int compare(KeyRange one, KeyRange other) {
    int order = Arrays.compareUnsigned(one.start(), other.start());
    return order != 0 ? order : compareEnds(one.end(), other.end());
  }

  private static int compareEnds(byte @Nullable [] one, byte @Nullable [] other) {
    if (one == null) {
      return other == null ? 0 : 1;
    }
    return other == null ? -1 : Arrays.compareUnsigned(one, other);
  }

  private static boolean isBelow(byte[] key, byte @Nullable [] end) {
    return end == null || Arrays.compareUnsigned(key, end) < 0;
  }
}
