// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node of an immutable balanced search tree; null is the empty tree.
 *
 * <p>Every change returns a new tree that shares all untouched nodes with the old one, so that an
 * old root goes on showing the old content for ever. All changes, the removal of a range too, cost
 * time and memory proportional to the height of the tree.
 */
final class Node {

  /*
   * An AVL tree built from one operation, join, with some slack:
   *
   *  1. Keys of the left subtree are below the node's key, keys of the right subtree above it.
   *  2. The heights of the two subtrees differ by at most SLACK. Slack 2 rather than 1 makes
   *     rotations rarer and keeps the height below 1.81 log2(size).
   *  3. node() makes a node of subtrees that already obey 2. balance() takes subtrees that differ by
   *     at most SLACK + 1, which is what one insertion or one join step below can cause, and
   *     restores 2 with at most two rotations. join() takes subtrees of any heights.
   *  4. Nothing is changed after construction, so a tree may be read by any thread that got hold of
   *     its root safely.
   */
  private static final int SLACK = 2;

  final byte[] key;
  final byte[] value;
  final @Nullable Node left;
  final @Nullable Node right;
  private final int height;
  private final int size;
  private final long bytes;

  private Node(@Nullable Node left, byte[] key, byte[] value, @Nullable Node right) {
    this.left = left;
    this.key = key;
    this.value = value;
    this.right = right;
    this.height = 1 + Math.max(height(left), height(right));
    this.size = Math.addExact(size(left), Math.addExact(size(right), 1));
    this.bytes = bytes(left) + bytes(right) + key.length + value.length;
  }

  /** The number of entries. */
  static int size(@Nullable Node tree) {
    return tree == null ? 0 : tree.size;
  }

  /** The bytes of all keys and values. */
  static long bytes(@Nullable Node tree) {
    return tree == null ? 0 : tree.bytes;
  }

  /** The greatest number of nodes between the root and a leaf, both counted. */
  static int height(@Nullable Node tree) {
    return tree == null ? 0 : tree.height;
  }

  /** The stored array itself, which nobody may change, or null if the key is absent. */
  static byte @Nullable [] get(@Nullable Node tree, byte[] key) {
    Node node = tree;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /** The number of keys below a key. */
  static int rank(@Nullable Node tree, byte[] key) {
    int rank = 0;
    Node node = tree;
    while (node != null) {
      if (Arrays.compareUnsigned(node.key, key) < 0) {
        rank += size(node.left) + 1;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return rank;
  }

  /** The stored key that has exactly {@code rank} keys below it; the tree must have more keys. */
  static byte[] select(@Nullable Node tree, int rank) {
    int below = rank;
    Node node = tree;
    while (node != null) {
      int leftSize = size(node.left);
      if (below == leftSize) {
        return node.key;
      }
      if (below < leftSize) {
        node = node.left;
      } else {
        below -= leftSize + 1;
        node = node.right;
      }
    }
    throw new IndexOutOfBoundsException(
        "rank: " + rank + " (expected: 0 to " + (size(tree) - 1) + ")");
  }

  /** A tree that also, or now, holds {@code key} with {@code value}; it keeps both arrays. */
  static Node put(@Nullable Node tree, byte[] key, byte[] value) {
    if (tree == null) {
      return new Node(null, key, value, null);
    }
    int order = Arrays.compareUnsigned(key, tree.key);
    if (order == 0) {
      return new Node(tree.left, key, value, tree.right);
    }
    return order < 0
        ? balance(put(tree.left, key, value), tree, tree.right)
        : balance(tree.left, tree, put(tree.right, key, value));
  }

  /** A tree without the keys of a range. */
  static @Nullable Node remove(@Nullable Node tree, KeyRange range) {
    if (range.isEmpty()) {
      return tree;
    }
    byte[] end = range.end();
    return concat(below(tree, range.start()), end == null ? null : atOrAbove(tree, end));
  }

  private static @Nullable Node below(@Nullable Node tree, byte[] bound) {
    if (tree == null) {
      return null;
    }
    return Arrays.compareUnsigned(tree.key, bound) < 0
        ? join(tree.left, tree, below(tree.right, bound))
        : below(tree.left, bound);
  }

  private static @Nullable Node atOrAbove(@Nullable Node tree, byte[] bound) {
    if (tree == null) {
      return null;
    }
    return Arrays.compareUnsigned(tree.key, bound) < 0
        ? atOrAbove(tree.right, bound)
        : join(atOrAbove(tree.left, bound), tree, tree.right);
  }

  private static @Nullable Node concat(@Nullable Node left, @Nullable Node right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    Node first = right;
    while (first.left != null) {
      first = first.left;
    }
    return join(left, first, withoutFirst(right));
  }

  private static @Nullable Node withoutFirst(Node tree) {
    return tree.left == null ? tree.right : balance(withoutFirst(tree.left), tree, tree.right);
  }

  /** Joins two trees of any heights with the entry of {@code middle} between them. */
  private static Node join(@Nullable Node left, Node middle, @Nullable Node right) {
    if (left != null && left.height > height(right) + SLACK) {
      return balance(left.left, left, join(left.right, middle, right));
    }
    if (right != null && right.height > height(left) + SLACK) {
      return balance(join(left, middle, right.left), right, right.right);
    }
    return node(left, middle, right);
  }

  private static Node balance(@Nullable Node left, Node middle, @Nullable Node right) {
    if (left != null && left.height > height(right) + SLACK) {
      Node inner = left.right;
      if (inner == null || height(left.left) >= inner.height) {
        return node(left.left, left, node(inner, middle, right));
      }
      return node(node(left.left, left, inner.left), inner, node(inner.right, middle, right));
    }
    if (right != null && right.height > height(left) + SLACK) {
      Node inner = right.left;
      if (inner == null || height(right.right) >= inner.height) {
        return node(node(left, middle, inner), right, right.right);
      }
      return node(node(left, middle, inner.left), inner, node(inner.right, right, right.right));
    }
    return node(left, middle, right);
  }

  private static Node node(@Nullable Node left, Node entry, @Nullable Node right) {
    return new Node(left, entry.key, entry.value, right);
  }
}
