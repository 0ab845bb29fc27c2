// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.get;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.scan;
import static dev.brain.engine.Rows.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.engine.CommitOutcome.Committed;
import dev.brain.engine.CommitOutcome.Unknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A commit with an unknown outcome is settled to one fate, for ever. */
interface UnknownContract extends ContractFixture {

  @Test
  default void settle_appliedBatch_isCommittedAndSeen() {
    Unknown unknown = unknownCommit(CommitFault.UNKNOWN_APPLIED);

    assertThat(settled(unknown)).isEqualTo(Fate.COMMITTED);
    assertApplied();
  }

  @Test
  default void settle_batchThatWasNotApplied_isNotCommittedAndNotSeen() {
    Unknown unknown = unknownCommit(CommitFault.UNKNOWN_NOT_APPLIED);

    assertThat(settled(unknown)).isEqualTo(Fate.NOT_COMMITTED);
    assertNotApplied();
  }

  @Test
  default void settle_again_givesTheSameFate() {
    for (CommitFault fault :
        List.of(CommitFault.UNKNOWN_APPLIED, CommitFault.UNKNOWN_NOT_APPLIED)) {
      Unknown unknown = unknownCommit(fault);
      Fate fate = settled(unknown);

      assertThat(engine().settle(unknown)).isEqualTo(fate);
      assertThat(engine().settle(unknown)).isEqualTo(fate);
    }
  }

  /** Finding out must not do anything again. */
  @Test
  default void settle_againAfterLaterCommits_leavesThemAlone() {
    Unknown unknown = unknownCommit(CommitFault.UNKNOWN_APPLIED);
    settled(unknown);
    engine()
        .commit(
            put(Space.HEAD, "old", "new again")
                .put(Space.HEAD, bytes("range"), bytes("new again"))
                .delete(Space.HEAD, bytes("new")));

    assertThat(engine().settle(unknown)).isEqualTo(Fate.COMMITTED);
    assertThat(all(engine(), Space.HEAD)).containsExactly("old=new again", "range=new again");
  }

  @Test
  default void settle_twoUnknownCommits_eachHasItsOwnFate() {
    Unknown applied = unknownCommit(CommitFault.UNKNOWN_APPLIED);
    assertThat(settled(applied)).isEqualTo(Fate.COMMITTED);
    Unknown notApplied = unknownCommit(CommitFault.UNKNOWN_NOT_APPLIED);
    assertThat(settled(notApplied)).isEqualTo(Fate.NOT_COMMITTED);

    assertThat(engine().settle(applied)).isEqualTo(Fate.COMMITTED);
    assertThat(engine().settle(notApplied)).isEqualTo(Fate.NOT_COMMITTED);
  }

  @Test
  default void settle_afterClose_isRefused() {
    Unknown unknown = unknownCommit(CommitFault.UNKNOWN_APPLIED);
    Engine closed = engine();
    closed.close();

    assertThatThrownBy(() -> closed.settle(unknown)).isInstanceOf(EngineException.Closed.class);
  }

  /** Also while the engine does not know, a read shows a whole batch or nothing of it. */
  @Test
  default void snapshot_whileOneIsUnknown_showsItWholeOrNot() {
    for (CommitFault fault :
        List.of(CommitFault.UNKNOWN_APPLIED, CommitFault.UNKNOWN_NOT_APPLIED)) {
      Unknown unknown = unknownCommit(fault);
      if (all(engine(), Space.LOG).isEmpty()) {
        assertNotApplied();
      } else {
        assertApplied();
      }
      settled(unknown);
    }
  }

  @Test
  default void unknown_whatWasSeenOnce_staysSeen() {
    for (CommitFault fault :
        List.of(CommitFault.UNKNOWN_APPLIED, CommitFault.UNKNOWN_NOT_APPLIED)) {
      Unknown unknown = unknownCommit(fault);
      String before = get(engine(), Space.HEAD, "new");
      Fate fate = settled(unknown);
      String after = get(engine(), Space.HEAD, "new");

      assertThat(after).isEqualTo(fate == Fate.COMMITTED ? "1" : null);
      if (before != null) {
        assertThat(fate).isEqualTo(Fate.COMMITTED);
      }
    }
  }

  /** Settling may cost a snapshot its life, but never makes it show anything else. */
  @Test
  default void snapshot_openWhileSettled_answersAsBeforeOrIsUnavailable() {
    for (CommitFault fault :
        List.of(CommitFault.UNKNOWN_APPLIED, CommitFault.UNKNOWN_NOT_APPLIED)) {
      Unknown unknown = unknownCommit(fault);
      List<String> before = all(engine(), Space.HEAD);
      try (Snapshot snapshot = engine().snapshot();
          Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD)) {
        settled(unknown);
        List<String> walked = new ArrayList<>();
        while (cursor.next()) {
          walked.add(text(cursor.key()) + "=" + text(cursor.value()));
        }
        assertThat(walked).isEqualTo(before);
        assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), ScanOptions.FORWARD))
            .isEqualTo(before);
      } catch (EngineException.Unavailable _) {
        // allowed: this engine reopened its storage
      }
    }
  }

  @Test
  default void settle_thenReopen_fateStays() {
    assumeTrue(survivesReopen(), "this engine keeps nothing when it is closed");
    settled(unknownCommit(CommitFault.UNKNOWN_APPLIED));
    reopen();
    assertApplied();

    settled(unknownCommit(CommitFault.UNKNOWN_NOT_APPLIED));
    reopen();
    assertNotApplied();
  }

  /** Without asking, the restarted engine knows one of the two, and keeps to it. */
  @Test
  default void reopen_withoutSettling_batchIsWholeOrAbsentForEver() {
    assumeTrue(survivesReopen(), "this engine keeps nothing when it is closed");
    for (CommitFault fault :
        List.of(CommitFault.UNKNOWN_APPLIED, CommitFault.UNKNOWN_NOT_APPLIED)) {
      unknownCommit(fault);
      reopen();
      List<String> found = all(engine(), Space.HEAD);
      if (get(engine(), Space.HEAD, "new") != null) {
        assertApplied();
      } else {
        assertNotApplied();
      }
      reopen();
      assertThat(all(engine(), Space.HEAD)).isEqualTo(found);
    }
  }

  @Test
  default void commit_whileOneIsUnknown_isAppliedOrRefusedWhole() {
    for (CommitFault fault :
        List.of(CommitFault.UNKNOWN_APPLIED, CommitFault.UNKNOWN_NOT_APPLIED)) {
      Unknown unknown = unknownCommit(fault);
      boolean committed = true;
      try {
        assertThat(
                engine()
                    .commit(
                        put(Space.LOG, "meanwhile", "1").put(Space.META, bytes("m"), bytes("1"))))
            .isInstanceOf(Committed.class);
      } catch (EngineException.Unavailable _) {
        committed = false;
      }
      settled(unknown);
      for (int round = 0; round < 2; round++) {
        assertThat(get(engine(), Space.LOG, "meanwhile")).isEqualTo(committed ? "1" : null);
        assertThat(get(engine(), Space.META, "m")).isEqualTo(committed ? "1" : null);
        if (survivesReopen()) {
          reopen();
        }
      }
    }
  }

  @Test
  default void commit_afterSettling_worksAgain() {
    for (CommitFault fault :
        List.of(CommitFault.UNKNOWN_APPLIED, CommitFault.UNKNOWN_NOT_APPLIED)) {
      settled(unknownCommit(fault));

      assertThat(engine().commit(put(Space.LOG, fault.name(), "1"))).isInstanceOf(Committed.class);
      assertThat(get(engine(), Space.LOG, fault.name())).isEqualTo("1");
    }
  }

  @Test
  default void commit_refused_didNothing() {
    prepare();
    assumeTrue(failNextCommit(CommitFault.REFUSED), "this engine never refuses a commit");

    assertThatThrownBy(() -> engine().commit(batch()))
        .isInstanceOf(EngineException.Unavailable.class);
    assertNotApplied();
    if (survivesReopen()) {
      reopen();
      assertNotApplied();
    }
    assertThat(engine().commit(batch())).isInstanceOf(Committed.class);
    assertApplied();
  }

  private Unknown unknownCommit(CommitFault fault) {
    prepare();
    assumeTrue(failNextCommit(fault), "this engine never has an unknown outcome of this kind");
    CommitOutcome outcome = engine().commit(batch());
    assertThat(outcome).isInstanceOf(Unknown.class);
    return (Unknown) outcome;
  }

  private void prepare() {
    engine()
        .commit(
            new WriteBatch()
                .deleteRange(Space.HEAD, KeyRange.all())
                .deleteRange(Space.LOG, KeyRange.all())
                .deleteRange(Space.META, KeyRange.all())
                .put(Space.HEAD, bytes("old"), bytes("1"))
                .put(Space.HEAD, bytes("range"), bytes("1"))
                .put(Space.META, bytes("fence"), bytes("")));
  }

  private static WriteBatch batch() {
    return put(Space.HEAD, "new", "1")
        .delete(Space.HEAD, bytes("old"))
        .deleteRange(Space.HEAD, KeyRange.single(bytes("range")))
        .put(Space.LOG, bytes("event"), bytes("1"))
        .require(new Condition.Exists(Space.META, bytes("fence")));
  }

  private void assertApplied() {
    assertThat(all(engine(), Space.HEAD)).containsExactly("new=1");
    assertThat(all(engine(), Space.LOG)).containsExactly("event=1");
  }

  private void assertNotApplied() {
    assertThat(all(engine(), Space.HEAD)).containsExactly("old=1", "range=1");
    assertThat(all(engine(), Space.LOG)).isEmpty();
  }

  /** Asks until the fate is known. The fault is over, so it must become known. */
  private Fate settled(Unknown unknown) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> engine().settle(unknown), fate -> fate != Fate.STILL_UNKNOWN);
  }
}
