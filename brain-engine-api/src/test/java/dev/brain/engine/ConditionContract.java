// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.textOrNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.brain.engine.CommitOutcome.Committed;
import dev.brain.engine.CommitOutcome.ConditionFailed;
import dev.brain.engine.Condition.Absent;
import dev.brain.engine.Condition.Exists;
import dev.brain.engine.Condition.Holds;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A batch is applied if all its conditions hold before it, else not at all. */
interface ConditionContract extends ContractFixture {

  @Test
  default void exists_keyPresent_commits() {
    engine().commit(put(Space.META, "key", ""));

    assertCommits(new Exists(Space.META, bytes("key")));
  }

  @Test
  default void exists_keyAbsent_fails() {
    engine().commit(put(Space.META, "key2", "1"));

    assertFails(new Exists(Space.META, bytes("key")), null);
  }

  @Test
  default void exists_keyOnlyInAnotherSpace_fails() {
    engine().commit(put(Space.HEAD, "key", "1"));

    assertFails(new Exists(Space.META, bytes("key")), null);
  }

  @Test
  default void absent_keyAbsent_commits() {
    engine().commit(put(Space.HEAD, "key", "1"));

    assertCommits(new Absent(Space.META, bytes("key")));
  }

  @Test
  default void absent_keyPresent_failsWithCurrent() {
    engine().commit(put(Space.META, "key", "now"));

    assertFails(new Absent(Space.META, bytes("key")), "now");
  }

  @Test
  default void absent_keyHoldsNoBytes_failsWithCurrent() {
    engine().commit(put(Space.META, "key", ""));

    assertFails(new Absent(Space.META, bytes("key")), "");
  }

  @Test
  default void absent_keyWasDeleted_commits() {
    engine().commit(put(Space.META, "key", "1").put(Space.META, bytes("range"), bytes("1")));
    engine()
        .commit(
            new WriteBatch()
                .delete(Space.META, bytes("key"))
                .deleteRange(Space.META, KeyRange.from(bytes("r"))));

    assertCommits(new Absent(Space.META, bytes("key")), new Absent(Space.META, bytes("range")));
  }

  @Test
  default void holds_sameBytes_commits() {
    engine().commit(put(Space.META, "key", "v\0\u00ff").put(Space.META, bytes("e"), bytes("")));

    assertCommits(
        new Holds(Space.META, bytes("key"), bytes("v\0\u00ff")),
        new Holds(Space.META, bytes("e"), bytes("")));
  }

  @Test
  default void holds_otherBytes_failsWithCurrent() {
    engine().commit(put(Space.META, "key", "v1"));

    for (String other : List.of("v2", "v", "v1\0", "")) {
      assertFails(new Holds(Space.META, bytes("key"), bytes(other)), "v1");
    }
  }

  @Test
  default void holds_keyAbsent_fails() {
    assertFails(new Holds(Space.META, bytes("key"), bytes("")), null);
  }

  @Test
  default void conditions_allHold_commits() {
    engine().commit(put(Space.META, "a", "1").put(Space.HEAD, bytes("b"), bytes("2")));

    assertCommits(
        new Exists(Space.META, bytes("a")),
        new Holds(Space.HEAD, bytes("b"), bytes("2")),
        new Absent(Space.LOG, bytes("c")));
  }

  @Test
  default void conditions_oneFails_nothingIsApplied() {
    engine().commit(put(Space.META, "a", "1").put(Space.HEAD, bytes("b"), bytes("2")));
    Condition first = new Exists(Space.META, bytes("a"));
    Condition second = new Holds(Space.HEAD, bytes("b"), bytes("2"));
    Condition wrong = new Absent(Space.HEAD, bytes("b"));

    for (List<Condition> order :
        List.of(
            List.of(wrong, first, second),
            List.of(first, wrong, second),
            List.of(first, second, wrong))) {
      WriteBatch batch =
          new WriteBatch()
              .put(Space.HEAD, bytes("new"), bytes("1"))
              .put(Space.LOG, bytes("new"), bytes("1"))
              .delete(Space.META, bytes("a"))
              .deleteRange(Space.HEAD, KeyRange.single(bytes("b")));
      order.forEach(batch::require);

      assertFailure(engine().commit(batch), wrong, "2");
      assertThat(all(engine(), Space.HEAD)).containsExactly("b=2");
      assertThat(all(engine(), Space.META)).containsExactly("a=1");
      assertThat(all(engine(), Space.LOG)).isEmpty();
    }
  }

  @Test
  default void conditions_severalFail_reportsOneOfThem() {
    Condition one = new Exists(Space.META, bytes("a"));
    Condition two = new Holds(Space.META, bytes("b"), bytes("1"));
    WriteBatch batch = put(Space.META, "c", "1").require(one).require(two);

    assertThat(engine().commit(batch))
        .asInstanceOf(type(ConditionFailed.class))
        .satisfies(failed -> assertThat(failed.condition()).isIn(one, two))
        .satisfies(failed -> assertThat(failed.current()).isNull());
    assertThat(all(engine(), Space.META)).isEmpty();
  }

  @Test
  default void conditions_withoutOperations_areOnlyChecked() {
    engine().commit(put(Space.META, "a", "1"));

    assertThat(engine().commit(new WriteBatch().require(new Exists(Space.META, bytes("a")))))
        .isInstanceOf(Committed.class);
    Condition wrong = new Absent(Space.META, bytes("a"));
    assertFailure(engine().commit(new WriteBatch().require(wrong)), wrong, "1");
    assertThat(all(engine(), Space.META)).containsExactly("a=1");
  }

  @Test
  default void conditions_onAKeyThatTheBatchWrites_areDecidedBeforeIt() {
    WriteBatch create = put(Space.META, "a", "1").require(new Absent(Space.META, bytes("a")));
    assertThat(engine().commit(create)).isInstanceOf(Committed.class);
    WriteBatch swap =
        put(Space.META, "a", "2").require(new Holds(Space.META, bytes("a"), bytes("1")));
    assertThat(engine().commit(swap)).isInstanceOf(Committed.class);
    WriteBatch remove =
        new WriteBatch()
            .deleteRange(Space.META, KeyRange.all())
            .require(new Exists(Space.META, bytes("a")));
    assertThat(engine().commit(remove)).isInstanceOf(Committed.class);
    assertThat(all(engine(), Space.META)).isEmpty();

    Condition wrong = new Exists(Space.META, bytes("b"));
    assertFailure(engine().commit(put(Space.META, "b", "1").require(wrong)), wrong, null);
    assertThat(all(engine(), Space.META)).isEmpty();
  }

  @Test
  default void conditionFailed_currentValue_belongsToTheCaller() {
    engine().commit(put(Space.META, "a", "1"));
    Condition wrong = new Absent(Space.META, bytes("a"));
    ConditionFailed failed = (ConditionFailed) engine().commit(new WriteBatch().require(wrong));
    byte[] current = failed.current();
    assertThat(current).isNotNull();
    current[0] = 'X';

    assertThat(all(engine(), Space.META)).containsExactly("a=1");
  }

  /** Commits a put under the given conditions and expects it to be applied. */
  private void assertCommits(Condition... conditions) {
    WriteBatch batch = put(Space.LOG, "written", "1");
    List.of(conditions).forEach(batch::require);

    assertThat(engine().commit(batch)).isInstanceOf(Committed.class);
    assertThat(all(engine(), Space.LOG)).containsExactly("written=1");
  }

  /** Commits a put under a condition and expects it to be refused. */
  private void assertFails(Condition condition, @Nullable String current) {
    assertFailure(
        engine().commit(put(Space.LOG, "written", "1").require(condition)), condition, current);
    assertThat(all(engine(), Space.LOG)).isEmpty();
  }

  private static void assertFailure(
      CommitOutcome outcome, Condition condition, @Nullable String current) {
    assertThat(outcome)
        .asInstanceOf(type(ConditionFailed.class))
        .satisfies(failed -> assertThat(failed.condition()).isEqualTo(condition))
        .satisfies(failed -> assertThat(textOrNull(failed.current())).isEqualTo(current));
  }
}
