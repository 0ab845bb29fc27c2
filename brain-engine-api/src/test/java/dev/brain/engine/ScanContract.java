// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.range;
import static dev.brain.engine.Rows.scan;
import static dev.brain.engine.Rows.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A scan gives every entry of its range once, in order. */
interface ScanContract extends ContractFixture {
  /** In unsigned order. */
  List<String> KEYS =
      List.of(
          "",
          "\0",
          "\0\0",
          "\0\u00ff",
          "\u0001",
          "a",
          "a\0",
          "aa",
          "b",
          "\u007f",
          "\u0080",
          "\u00fe\u00ff",
          "\u00ff",
          "\u00ff\0",
          "\u00ff\u00ff");

  @Test
  default void scan_everyKindOfKey_isInUnsignedOrder() {
    putKeys();

    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(keys(snapshot, KeyRange.all(), false)).isEqualTo(KEYS);
      assertThat(keys(snapshot, KeyRange.all(), true)).isEqualTo(reversed(KEYS));
    }
  }

  /** All borders that are keys, and one that is none, against each other. */
  @Test
  default void scan_everyBoundedRange_givesExactlyItsKeys() {
    putKeys();
    List<String> borders = new ArrayList<>(KEYS);
    borders.add("a\u00ff");

    try (Snapshot snapshot = engine().snapshot()) {
      for (String start : borders) {
        List<String> tail = KEYS.stream().filter(key -> key.compareTo(start) >= 0).toList();
        assertThat(keys(snapshot, range(start, null), false)).isEqualTo(tail);
        assertThat(keys(snapshot, range(start, null), true)).isEqualTo(reversed(tail));
        for (String end : borders) {
          List<String> inside = tail.stream().filter(key -> key.compareTo(end) < 0).toList();
          assertThat(keys(snapshot, range(start, end), false)).isEqualTo(inside);
          assertThat(keys(snapshot, range(start, end), true)).isEqualTo(reversed(inside));
        }
      }
    }
  }

  @Test
  default void scan_singleAndPrefixRanges_giveExactlyTheirKeys() {
    putKeys();

    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(keys(snapshot, KeyRange.single(bytes("a")), false)).containsExactly("a");
      assertThat(keys(snapshot, KeyRange.single(bytes("")), true)).containsExactly("");
      assertThat(keys(snapshot, KeyRange.single(bytes("ab")), false)).isEmpty();
      assertThat(keys(snapshot, KeyRange.prefix(bytes("a")), false))
          .containsExactly("a", "a\0", "aa");
      assertThat(keys(snapshot, KeyRange.prefix(bytes("\u00ff")), true))
          .containsExactly("\u00ff\u00ff", "\u00ff\0", "\u00ff");
    }
  }

  @Test
  default void scan_emptySpace_givesNothing() {
    engine().commit(put(Space.HEAD, "a", "1"));

    try (Snapshot snapshot = engine().snapshot()) {
      for (ScanOptions options : List.of(ScanOptions.FORWARD, ScanOptions.BACKWARD)) {
        assertThat(scan(snapshot, Space.LOG, KeyRange.all(), options)).isEmpty();
      }
    }
  }

  @Test
  default void scan_neighbouringSpaces_areNotEntered() {
    WriteBatch batch = new WriteBatch();
    for (Space space : Space.values()) {
      batch.put(space, bytes(""), bytes(space.name()));
      batch.put(space, bytes("\u00ff\u00ff\u00ff"), bytes(space.name()));
    }
    engine().commit(batch);

    try (Snapshot snapshot = engine().snapshot()) {
      for (Space space : Space.values()) {
        List<String> rows = List.of("=" + space, "\u00ff\u00ff\u00ff=" + space);
        assertThat(scan(snapshot, space, KeyRange.all(), ScanOptions.FORWARD)).isEqualTo(rows);
        assertThat(scan(snapshot, space, KeyRange.all(), ScanOptions.BACKWARD))
            .isEqualTo(reversed(rows));
      }
    }
  }

  @Test
  default void scan_withValues_pairsEachKeyWithItsValue() {
    int rows = 1_000;
    List<String> expected = new ArrayList<>();
    WriteBatch batch = new WriteBatch();
    for (int row = 0; row < rows; row++) {
      String key = "%04d".formatted(row);
      String value = "v".repeat(row % 50) + row;
      batch.put(Space.HEAD, bytes(key), bytes(value));
      expected.add(key + "=" + value);
    }
    engine().commit(batch);

    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), ScanOptions.FORWARD))
          .isEqualTo(expected);
      assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), ScanOptions.BACKWARD))
          .isEqualTo(reversed(expected));
    }
  }

  @Test
  default void scan_keysOnly_givesTheKeys() {
    putKeys();

    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), ScanOptions.KEYS)).isEqualTo(KEYS);
      assertThat(scan(snapshot, Space.HEAD, range("a", "b"), new ScanOptions(true, true, 0)))
          .containsExactly("aa", "a\0", "a");
    }
  }

  @Test
  default void scan_expectedTooLowOrTooHigh_isNoLimit() {
    putKeys();

    try (Snapshot snapshot = engine().snapshot()) {
      for (int expected : List.of(1, 2, 1_000_000, Integer.MAX_VALUE)) {
        for (boolean reverse : List.of(false, true)) {
          ScanOptions options = new ScanOptions(reverse, true, expected);
          assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), options))
              .isEqualTo(reverse ? reversed(KEYS) : KEYS);
        }
      }
    }
  }

  @Test
  default void scan_deletedKeys_areLeftOut() {
    putKeys();
    engine()
        .commit(
            new WriteBatch()
                .delete(Space.HEAD, bytes(""))
                .delete(Space.HEAD, bytes("\u00ff\u00ff"))
                .deleteRange(Space.HEAD, range("\0", "\u0080")));

    try (Snapshot snapshot = engine().snapshot()) {
      List<String> left = List.of("\u0080", "\u00fe\u00ff", "\u00ff", "\u00ff\0");
      assertThat(keys(snapshot, KeyRange.all(), false)).isEqualTo(left);
      assertThat(keys(snapshot, KeyRange.all(), true)).isEqualTo(reversed(left));
    }
  }

  @Test
  default void next_pastTheEnd_staysFalse() {
    engine().commit(put(Space.HEAD, "a", "1").put(Space.HEAD, bytes("b"), bytes("2")));

    for (boolean reverse : List.of(false, true)) {
      for (KeyRange range : List.of(KeyRange.all(), range("a", "b\0"), range("b", "b"))) {
        try (Snapshot snapshot = engine().snapshot();
            Cursor cursor = snapshot.scan(Space.HEAD, range, new ScanOptions(reverse, false, 0))) {
          int entries = 0;
          while (cursor.next()) {
            entries++;
          }
          assertThat(entries).isEqualTo(range.isEmpty() ? 0 : 2);
          assertThat(cursor.next()).isFalse();
          assertThat(cursor.next()).isFalse();
        }
      }
    }
  }

  @Test
  default void cursor_atNoEntry_hasNoKeyAndNoValue() {
    engine().commit(put(Space.HEAD, "a", "1"));

    try (Snapshot snapshot = engine().snapshot();
        Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD)) {
      assertAtNoEntry(cursor);
      assertThat(cursor.next()).isTrue();
      assertThat(text(cursor.key())).isEqualTo("a");
      assertThat(cursor.next()).isFalse();
      assertAtNoEntry(cursor);
    }
  }

  @Test
  default void value_targetOfAnyLength_copiesTheBeginningAndGivesTheLength() {
    engine().commit(put(Space.HEAD, "a", "12345").put(Space.HEAD, bytes("b"), bytes("")));

    try (Snapshot snapshot = engine().snapshot();
        Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD)) {
      assertThat(cursor.next()).isTrue();
      assertThat(copied(cursor, 0)).isEqualTo("5:");
      assertThat(copied(cursor, 3)).isEqualTo("5:123");
      assertThat(copied(cursor, 5)).isEqualTo("5:12345");
      assertThat(copied(cursor, 7)).isEqualTo("5:12345..");
      assertThat(text(cursor.value())).isEqualTo("12345");
      assertThat(cursor.next()).isTrue();
      assertThat(copied(cursor, 2)).isEqualTo("0:..");
    }
  }

  @Test
  default void cursors_manyOfOneSnapshot_areIndependent() {
    putKeys();

    try (Snapshot snapshot = engine().snapshot();
        Cursor forward = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
        Cursor backward = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.BACKWARD)) {
      for (int entry = 0; entry < KEYS.size(); entry++) {
        assertThat(forward.next()).isTrue();
        assertThat(backward.next()).isTrue();
        assertThat(text(forward.key())).isEqualTo(KEYS.get(entry));
        assertThat(text(backward.key())).isEqualTo(KEYS.get(KEYS.size() - 1 - entry));
      }
    }
  }

  private void putKeys() {
    WriteBatch batch = new WriteBatch();
    List<String> shuffled = new ArrayList<>(KEYS);
    Collections.rotate(shuffled, 7);
    shuffled.forEach(key -> batch.put(Space.HEAD, bytes(key), bytes("of " + key)));
    engine().commit(batch);
  }

  private static List<String> keys(Snapshot snapshot, KeyRange range, boolean reverse) {
    return scan(snapshot, Space.HEAD, range, new ScanOptions(reverse, true, 0));
  }

  private static List<String> reversed(List<String> list) {
    return list.reversed();
  }

  private static void assertAtNoEntry(Cursor cursor) {
    assertThatIllegalStateException().isThrownBy(cursor::key);
    assertThatIllegalStateException().isThrownBy(cursor::value);
    assertThatIllegalStateException().isThrownBy(() -> cursor.value(new byte[1]));
  }

  /** The length given back and the bytes of the target, those untouched as dots. */
  private static String copied(Cursor cursor, int length) {
    byte[] target = bytes(".".repeat(length));
    return cursor.value(target) + ":" + text(target);
  }
}
