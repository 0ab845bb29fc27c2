// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.get;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.CommitOutcome.Committed;
import org.junit.jupiter.api.Test;

/** A range delete removes exactly the keys of its range, at its place in the batch. */
interface DeleteRangeContract extends ContractFixture {

  @Test
  default void deleteRange_bounded_removesStartButNotEnd() {
    putAll("a", "b", "b\0", "bb", "c", "c\0", "d");
    engine().commit(new WriteBatch().deleteRange(Space.HEAD, range("b", "c")));

    assertThat(all(engine(), Space.HEAD)).containsExactly("a=1", "c=1", "c\0=1", "d=1");
    assertThat(get(engine(), Space.HEAD, "bb")).isNull();
  }

  @Test
  default void deleteRange_withoutEnd_removesTheRest() {
    putAll("", "a", "b", "\u00ff", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");
    engine().commit(new WriteBatch().deleteRange(Space.HEAD, range("b", null)));

    assertThat(all(engine(), Space.HEAD)).containsExactly("=1", "a=1");
  }

  @Test
  default void deleteRange_everything_removesTheEmptyKeyToo() {
    putAll("", "\0", "a", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");
    engine().commit(new WriteBatch().deleteRange(Space.HEAD, KeyRange.all()));

    assertThat(all(engine(), Space.HEAD)).isEmpty();
  }

  @Test
  default void deleteRange_emptyRange_removesNothing() {
    putAll("a", "b", "c");
    WriteBatch batch =
        new WriteBatch()
            .deleteRange(Space.HEAD, range("b", "b"))
            .deleteRange(Space.HEAD, range("c", "a"))
            .deleteRange(Space.HEAD, range("", ""));

    assertThat(engine().commit(batch)).isInstanceOf(Committed.class);
    assertThat(all(engine(), Space.HEAD)).containsExactly("a=1", "b=1", "c=1");
  }

  @Test
  default void deleteRange_rangeWithoutKeys_removesNothing() {
    putAll("a", "c");

    assertThat(engine().commit(new WriteBatch().deleteRange(Space.HEAD, range("b", "c"))))
        .isInstanceOf(Committed.class);
    assertThat(all(engine(), Space.HEAD)).containsExactly("a=1", "c=1");
  }

  @Test
  default void deleteRange_emptySpace_removesNothing() {
    assertThat(engine().commit(new WriteBatch().deleteRange(Space.LOG, KeyRange.all())))
        .isInstanceOf(Committed.class);
    assertThat(all(engine(), Space.LOG)).isEmpty();
  }

  @Test
  default void deleteRange_betweenPuts_removesEarlierOnesOnly() {
    putAll("b0", "c0");
    engine()
        .commit(
            put(Space.HEAD, "b1", "before")
                .put(Space.HEAD, bytes("a"), bytes("before"))
                .put(Space.HEAD, bytes("b3"), bytes("before"))
                .deleteRange(Space.HEAD, range("b", "c"))
                .put(Space.HEAD, bytes("b2"), bytes("after"))
                .put(Space.HEAD, bytes("b3"), bytes("after")));

    assertThat(all(engine(), Space.HEAD))
        .containsExactly("a=before", "b2=after", "b3=after", "c0=1");
  }

  @Test
  default void deleteRange_withoutEndBetweenPuts_removesEarlierOnesOnly() {
    putAll("b0");
    engine()
        .commit(
            put(Space.HEAD, "\u00ff\u00ff\u00ff", "before")
                .put(Space.HEAD, bytes("z"), bytes("before"))
                .deleteRange(Space.HEAD, KeyRange.from(bytes("b")))
                .put(Space.HEAD, bytes("y"), bytes("after")));

    assertThat(all(engine(), Space.HEAD)).containsExactly("y=after");
  }

  @Test
  default void deleteRange_twiceOverlapping_removesBoth() {
    putAll("a", "b", "c", "d", "e");
    engine()
        .commit(
            new WriteBatch()
                .deleteRange(Space.HEAD, range("a", "c"))
                .put(Space.HEAD, bytes("b"), bytes("2"))
                .deleteRange(Space.HEAD, range("b\0", "e")));

    assertThat(all(engine(), Space.HEAD)).containsExactly("b=2", "e=1");
  }

  @Test
  default void deleteRange_thenPutInALaterCommit_keyIsBack() {
    putAll("a", "b");
    engine().commit(new WriteBatch().deleteRange(Space.HEAD, KeyRange.all()));
    engine().commit(put(Space.HEAD, "b", "2"));

    assertThat(all(engine(), Space.HEAD)).containsExactly("b=2");
    assertThat(get(engine(), Space.HEAD, "b")).isEqualTo("2");
  }

  private void putAll(String... keys) {
    WriteBatch batch = new WriteBatch();
    for (String key : keys) {
      batch.put(Space.HEAD, bytes(key), bytes("1"));
    }
    engine().commit(batch);
  }
}
