// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.get;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.CommitOutcome.Committed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A commit applies all operations of its batch, in their order. */
interface CommitContract extends ContractFixture {

  @Test
  default void commit_newStorage_isEmptyBefore() {
    for (Space space : Space.values()) {
      assertThat(all(engine(), space)).isEmpty();
    }
  }

  @Test
  default void commit_put_isSeenOnReturn() {
    assertThat(engine().commit(put(Space.HEAD, "a", "1"))).isInstanceOf(Committed.class);

    assertThat(get(engine(), Space.HEAD, "a")).isEqualTo("1");
    assertThat(all(engine(), Space.HEAD)).containsExactly("a=1");
  }

  @Test
  default void commit_putOverAnOldValue_replacesIt() {
    engine().commit(put(Space.HEAD, "a", "long old value"));
    engine().commit(put(Space.HEAD, "a", "2"));

    assertThat(all(engine(), Space.HEAD)).containsExactly("a=2");
  }

  @Test
  default void commit_delete_removesTheKey() {
    engine().commit(put(Space.HEAD, "a", "1").put(Space.HEAD, bytes("b"), bytes("2")));
    engine().commit(new WriteBatch().delete(Space.HEAD, bytes("a")));

    assertThat(get(engine(), Space.HEAD, "a")).isNull();
    assertThat(all(engine(), Space.HEAD)).containsExactly("b=2");
  }

  @Test
  default void commit_deleteOfAnAbsentKey_doesNothing() {
    engine().commit(put(Space.HEAD, "a", "1"));

    assertThat(engine().commit(new WriteBatch().delete(Space.HEAD, bytes("b"))))
        .isInstanceOf(Committed.class);
    assertThat(all(engine(), Space.HEAD)).containsExactly("a=1");
  }

  @Test
  default void commit_emptyBatch_isCommitted() {
    assertThat(engine().commit(new WriteBatch())).isInstanceOf(Committed.class);
  }

  @Test
  default void commit_bufferedBatch_isSeenOnReturn() {
    WriteBatch batch = new WriteBatch(Durability.BUFFERED).put(Space.LOG, bytes("a"), bytes("1"));

    assertThat(engine().commit(batch)).isInstanceOf(Committed.class);
    assertThat(all(engine(), Space.LOG)).containsExactly("a=1");
  }

  @Test
  default void commit_severalOperationsOnOneKey_lastWins() {
    engine()
        .commit(
            new WriteBatch()
                .put(Space.HEAD, bytes("put twice"), bytes("1"))
                .put(Space.HEAD, bytes("put twice"), bytes("2"))
                .put(Space.HEAD, bytes("deleted last"), bytes("1"))
                .delete(Space.HEAD, bytes("deleted last"))
                .delete(Space.HEAD, bytes("put last"))
                .put(Space.HEAD, bytes("put last"), bytes("3")));

    assertThat(all(engine(), Space.HEAD)).containsExactly("put last=3", "put twice=2");
  }

  @Test
  default void commit_sameKeyInAllSpaces_spacesAreIndependent() {
    WriteBatch batch = new WriteBatch();
    for (Space space : Space.values()) {
      batch.put(space, bytes("key"), bytes(space.name()));
    }
    engine().commit(batch);
    engine().commit(new WriteBatch().delete(Space.LOG, bytes("key")));
    engine().commit(new WriteBatch().deleteRange(Space.META, KeyRange.all()));

    assertThat(all(engine(), Space.HEAD)).containsExactly("key=HEAD");
    assertThat(all(engine(), Space.HISTORY)).containsExactly("key=HISTORY");
    assertThat(all(engine(), Space.LOG)).isEmpty();
    assertThat(all(engine(), Space.META)).isEmpty();
  }

  @Test
  default void commit_arraysChangedAfterwards_storedBytesStay() {
    byte[] key = bytes("key");
    byte[] value = bytes("value");
    engine().commit(new WriteBatch().put(Space.HEAD, key, value));
    key[0] = 'X';
    value[0] = 'X';

    assertThat(all(engine(), Space.HEAD)).containsExactly("key=value");
  }

  /** A caller may keep one array in many batches. */
  @Test
  default void commit_arraysOfTheBatch_areNotChanged() {
    byte[] key = bytes("key");
    byte[] value = bytes("value");
    byte[] end = bytes("l");
    WriteBatch batch =
        new WriteBatch()
            .require(new Condition.Absent(Space.HEAD, key))
            .put(Space.HEAD, key, value)
            .put(Space.LOG, key, value)
            .deleteRange(Space.LOG, new KeyRange(key, end))
            .delete(Space.META, key);
    engine().commit(batch);
    engine().commit(batch);

    assertThat(List.of(text(key), text(value), text(end))).containsExactly("key", "value", "l");
    assertThat(all(engine(), Space.HEAD)).containsExactly("key=value");
    assertThat(all(engine(), Space.LOG)).isEmpty();
  }

  @Test
  default void commit_manyRowsOfAllSpaces_appliesAll() {
    int rows = 2_000;
    WriteBatch batch = new WriteBatch();
    for (int row = 0; row < rows; row++) {
      for (Space space : Space.values()) {
        batch.put(space, bytes("%05d".formatted(row)), bytes("v" + row));
      }
    }
    engine().commit(batch);

    for (Space space : Space.values()) {
      assertThat(all(engine(), space)).hasSize(rows).startsWith("00000=v0").endsWith("01999=v1999");
    }
  }
}
