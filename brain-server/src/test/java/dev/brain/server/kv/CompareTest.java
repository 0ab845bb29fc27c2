// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Compare.Operand;
import dev.brain.server.kv.Compare.Relation;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CompareTest {
  private static final Row ROW = Row.live(10, 20, 3, -5, new byte[] {(byte) 0x80});

  private static Set<Relation> holding(Operand operand, @Nullable Row row) {
    Set<Relation> holding = EnumSet.noneOf(Relation.class);
    for (Relation relation : Relation.values()) {
      if (new Compare(KeyRange.all(), relation, operand).holds(row)) {
        holding.add(relation);
      }
    }
    return holding;
  }

  private static void assertEqual(Operand operand, @Nullable Row row) {
    assertThat(holding(operand, row)).containsOnly(Relation.EQUAL, Relation.ALWAYS);
  }

  private static void assertLess(Operand operand, @Nullable Row row) {
    assertThat(holding(operand, row))
        .containsOnly(Relation.LESS, Relation.NOT_EQUAL, Relation.ALWAYS);
  }

  private static void assertGreater(Operand operand, @Nullable Row row) {
    assertThat(holding(operand, row))
        .containsOnly(Relation.GREATER, Relation.NOT_EQUAL, Relation.ALWAYS);
  }

  @Test
  void holds_keyThatExists() {
    assertEqual(new Operand.Version(3), ROW);
    assertEqual(new Operand.CreateRevision(10), ROW);
    assertEqual(new Operand.ModRevision(20), ROW);
    assertEqual(new Operand.Lease(-5), ROW);
    assertEqual(new Operand.Value(new byte[] {(byte) 0x80}), ROW);
    assertLess(new Operand.Version(4), ROW);
    assertLess(new Operand.CreateRevision(11), ROW);
    assertLess(new Operand.ModRevision(Long.MAX_VALUE), ROW);
    assertLess(new Operand.Lease(0), ROW);
    assertLess(new Operand.Value(new byte[] {(byte) 0x80, 0}), ROW);
    assertGreater(new Operand.Version(-1), ROW);
    assertGreater(new Operand.CreateRevision(9), ROW);
    assertGreater(new Operand.ModRevision(Long.MIN_VALUE), ROW);
    assertGreater(new Operand.Value(new byte[] {0x7f}), ROW);
    assertGreater(new Operand.Value(new byte[0]), ROW);
    assertEqual(new Operand.Unknown(), ROW);
  }

  @Test
  void holds_missingKey_isZeros_butNoValueHolds() {
    assertEqual(new Operand.Version(0), null);
    assertEqual(new Operand.CreateRevision(0), null);
    assertEqual(new Operand.ModRevision(0), null);
    assertEqual(new Operand.Lease(0), null);
    assertEqual(new Operand.Unknown(), null);
    assertLess(new Operand.ModRevision(1), null);
    assertGreater(new Operand.Lease(-1), null);
    assertThat(holding(new Operand.Value(new byte[0]), null)).isEmpty();
    assertThat(holding(new Operand.Value(new byte[] {1}), null)).isEmpty();
  }
}
