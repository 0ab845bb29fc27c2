// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.get;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.text;
import static dev.brain.engine.Rows.textOrNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Point reads give back exactly what was put. */
interface ReadContract extends ContractFixture {

  @Test
  default void get_absentKey_isNull() {
    engine().commit(put(Space.HEAD, "b", "1"));

    try (Snapshot snapshot = engine().snapshot()) {
      for (String absent : List.of("", "a", "b\0", "c")) {
        assertThat(get(engine(), Space.HEAD, absent)).isNull();
        assertThat(snapshot.get(Space.HEAD, bytes(absent))).isNull();
      }
      assertThat(snapshot.get(Space.LOG, bytes("b"))).isNull();
    }
  }

  @Test
  default void get_emptyValue_isNotAbsent() {
    engine().commit(put(Space.HEAD, "a", ""));

    assertThat(get(engine(), Space.HEAD, "a")).isEmpty();
    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(snapshot.get(Space.HEAD, bytes("a"))).isEmpty();
    }
  }

  @Test
  default void get_bytesOfEveryKind_comeBackUnchanged() {
    byte[] everyByte = new byte[256];
    for (int value = 0; value < everyByte.length; value++) {
      everyByte[value] = (byte) value;
    }
    List<byte[]> keys = List.of(bytes(""), bytes("\0"), bytes("$/ \n"), everyByte, new byte[300]);
    WriteBatch batch = new WriteBatch();
    keys.forEach(key -> batch.put(Space.HISTORY, key, everyByte));
    engine().commit(batch);

    for (byte[] key : keys) {
      assertThat(engine().get(Space.HISTORY, key)).isEqualTo(everyByte);
    }
  }

  @Test
  default void get_bigValues_comeBackUnchanged() {
    byte[] big = new byte[2 * 1024 * 1024];
    new Random(1).nextBytes(big);
    engine().commit(new WriteBatch().put(Space.HEAD, bytes("a"), big));
    engine()
        .commit(new WriteBatch().put(Space.HEAD, bytes("b"), big).put(Space.LOG, bytes("b"), big));

    assertThat(engine().get(Space.HEAD, bytes("a"))).isEqualTo(big);
    try (Snapshot snapshot = engine().snapshot();
        Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.BACKWARD)) {
      assertThat(snapshot.get(Space.LOG, bytes("b"))).isEqualTo(big);
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value()).isEqualTo(big);
    }
  }

  @Test
  default void get_resultChangedByTheCaller_storedBytesStay() {
    engine().commit(put(Space.HEAD, "a", "value"));
    try (Snapshot snapshot = engine().snapshot()) {
      List<byte @Nullable []> results = new ArrayList<>();
      results.add(engine().get(Space.HEAD, bytes("a")));
      results.add(snapshot.get(Space.HEAD, bytes("a")));
      results.addAll(snapshot.multiGet(Space.HEAD, List.of(bytes("a"), bytes("a"))));
      try (Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD)) {
        assertThat(cursor.next()).isTrue();
        results.add(cursor.value());
        cursor.key()[0] = 'X';
        assertThat(text(cursor.key())).isEqualTo("a");
      }
      for (byte @Nullable [] result : results) {
        assertThat(textOrNull(result)).isEqualTo("value");
        if (result != null) {
          result[0] = 'X';
        }
      }
      assertThat(textOrNull(snapshot.get(Space.HEAD, bytes("a")))).isEqualTo("value");
    }
    assertThat(get(engine(), Space.HEAD, "a")).isEqualTo("value");
  }

  @Test
  default void multiGet_anyOrderWithRepeatsAndAbsentKeys_answersInTheAskedOrder() {
    engine()
        .commit(
            put(Space.HEAD, "a", "1")
                .put(Space.HEAD, bytes("b"), bytes(""))
                .put(Space.HEAD, bytes("c"), bytes("3"))
                .put(Space.LOG, bytes("x"), bytes("other space")));

    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(multiGet(snapshot, "c", "x", "a", "c", "b", "", "c\0"))
          .containsExactly("3", null, "1", "3", "", null, null);
    }
  }

  @Test
  default void multiGet_noKeys_isEmpty() {
    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(snapshot.multiGet(Space.HEAD, List.of())).isEmpty();
    }
  }

  @Test
  default void multiGet_manyKeys_answersAll() {
    int rows = 1_000;
    WriteBatch batch = new WriteBatch();
    String[] keys = new String[rows];
    String[] values = new String[rows];
    for (int row = 0; row < rows; row++) {
      keys[row] = "key" + row;
      if (row % 3 != 0) {
        values[row] = "value" + row;
        batch.put(Space.HISTORY, bytes(keys[row]), bytes("value" + row));
        batch.put(Space.HEAD, bytes(keys[row]), bytes("value" + row));
      }
    }
    engine().commit(batch);

    try (Snapshot snapshot = engine().snapshot()) {
      assertThat(multiGet(snapshot, keys)).containsExactly(values);
    }
  }

  @Test
  default void snapshotReads_keyOfALaterCommit_areNull() {
    try (Snapshot snapshot = engine().snapshot()) {
      engine().commit(put(Space.HEAD, "a", "1"));

      assertThat(snapshot.get(Space.HEAD, bytes("a"))).isNull();
      assertThat(multiGet(snapshot, "a")).containsExactly((String) null);
    }
  }

  private static List<@Nullable String> multiGet(Snapshot snapshot, String... keys) {
    List<byte[]> asked = new ArrayList<>();
    for (String key : keys) {
      asked.add(bytes(key));
    }
    List<@Nullable String> values = new ArrayList<>();
    for (byte @Nullable [] value : snapshot.multiGet(Space.HEAD, asked)) {
      values.add(textOrNull(value));
    }
    return values;
  }
}
