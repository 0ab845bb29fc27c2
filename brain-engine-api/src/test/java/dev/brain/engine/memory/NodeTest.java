// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.KeyRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeTest {

  @Test
  void randomChanges_always_keepTheInvariants() {
    long seed = System.nanoTime();
    System.out.println("tree test: seed " + seed);
    Random random = new Random(seed);
    NavigableMap<Integer, Integer> model = new TreeMap<>();
    Node tree = null;
    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(4_000);
      switch (random.nextInt(40)) {
        case 0 -> {
          int end = key + random.nextInt(600) - 100;
          tree = Node.remove(tree, new KeyRange(key(key), key(Math.max(0, end))));
          if (end > key) {
            model.subMap(key, end).clear();
          }
        }
        case 1, 2, 3, 4, 5 -> {
          tree = Node.remove(tree, KeyRange.single(key(key)));
          model.remove(key);
        }
        default -> {
          tree = Node.put(tree, key(key), key(step));
          model.put(key, step);
        }
      }
      if (step % 100 == 0) {
        assertSame(tree, model);
      }
    }
    assertSame(tree, model);
  }

  @Test
  void put_ascendingKeys_staysFlat() {
    Node tree = null;
    for (int key = 0; key < 100_000; key++) {
      tree = Node.put(tree, key(key), key(key));
    }

    assertInvariants(tree, null, null);
    assertThat(Node.height(tree)).isLessThan(31); // 1.81 * log2(100,000) = 30.06
  }

  @Test
  void select_outOfRange_isRefused() {
    Node tree = Node.put(null, key(1), key(1));

    assertThat(Node.select(tree, 0)).isEqualTo(key(1));
    assertThatThrownBy(() -> Node.select(tree, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Node.select(null, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static void assertSame(@Nullable Node tree, NavigableMap<Integer, Integer> model) {
    assertInvariants(tree, null, null);
    assertThat(Node.size(tree)).isEqualTo(model.size());
    assertThat(Node.bytes(tree)).isEqualTo(8L * model.size());
    int rank = 0;
    for (var entry : model.entrySet()) {
      byte[] key = key(entry.getKey());
      assertThat(Node.get(tree, key)).isEqualTo(key(entry.getValue()));
      assertThat(Node.rank(tree, key)).isEqualTo(rank);
      assertThat(Node.select(tree, rank)).isEqualTo(key);
      rank++;
    }
  }

  private static void assertInvariants(
      @Nullable Node tree, byte @Nullable [] above, byte @Nullable [] below) {
    if (tree == null) {
      return;
    }
    assertThat(above == null || Arrays.compareUnsigned(above, tree.key) < 0).isTrue();
    assertThat(below == null || Arrays.compareUnsigned(tree.key, below) < 0).isTrue();
    int left = Node.height(tree.left);
    int right = Node.height(tree.right);
    assertThat(Math.abs(left - right)).isLessThanOrEqualTo(2);
    assertThat(Node.height(tree)).isEqualTo(1 + Math.max(left, right));
    assertInvariants(tree.left, above, tree.key);
    assertInvariants(tree.right, tree.key, below);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }
}
