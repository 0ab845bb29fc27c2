// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine says of its storage, and what outlives it. */
interface StorageContract extends ContractFixture {

  @Test
  default void reopen_everythingCommitted_isThere() {
    assumeTrue(survivesReopen(), "this engine keeps nothing when it is closed");
    byte[] big = new byte[2 * 1024 * 1024];
    Arrays.fill(big, (byte) 'x');
    engine().commit(put(Space.HEAD, "a", "1").put(Space.META, bytes(""), bytes("empty key")));
    engine().commit(new WriteBatch(Durability.BUFFERED).put(Space.LOG, bytes("b"), bytes("")));
    engine().commit(new WriteBatch().put(Space.HISTORY, bytes("big"), big));
    engine().commit(put(Space.HEAD, "c", "1").put(Space.HEAD, bytes("d"), bytes("1")));
    engine().commit(new WriteBatch().delete(Space.HEAD, bytes("c")));
    engine().commit(new WriteBatch().deleteRange(Space.HEAD, range("d", null)));

    for (int round = 0; round < 2; round++) {
      reopen();
      assertThat(all(engine(), Space.HEAD)).containsExactly("a=1");
      assertThat(all(engine(), Space.META)).containsExactly("=empty key");
      assertThat(all(engine(), Space.LOG)).containsExactly("b=");
      assertThat(engine().get(Space.HISTORY, bytes("big"))).isEqualTo(big);
    }
  }

  @Test
  default void reopen_thenCommit_goesOnFromThere() {
    assumeTrue(survivesReopen(), "this engine keeps nothing when it is closed");
    WriteBatch increment = new WriteBatch();
    for (int round = 0; round < 4; round++) {
      if (round > 0) {
        byte[] before = bytes("" + (round - 1));
        increment =
            new WriteBatch().require(new Condition.Holds(Space.META, bytes("round"), before));
      }
      assertThat(engine().commit(increment.put(Space.META, bytes("round"), bytes("" + round))))
          .isInstanceOf(CommitOutcome.Committed.class);
      reopen();
    }
    assertThat(all(engine(), Space.META)).containsExactly("round=3");
  }

  @Test
  default void storages_ofDifferentPaths_areIndependent() {
    Engine other = open(directory().resolve("other"));
    engine().commit(put(Space.HEAD, "a", "1"));
    other.commit(put(Space.HEAD, "b", "2"));

    assertThat(all(engine(), Space.HEAD)).containsExactly("a=1");
    assertThat(all(other, Space.HEAD)).containsExactly("b=2");
  }

  @Test
  default void splits_ofManyRows_areAscendingInsideTheRangeAndFewEnough() {
    fill(5_000);

    for (KeyRange range :
        List.of(KeyRange.all(), range("01000", "04000"), range("01000", null), range("", "01"))) {
      for (int parts : List.of(1, 2, 3, 16, 1_000)) {
        List<byte[]> borders = engine().splits(Space.HEAD, range, parts);
        assertThat(borders).hasSizeLessThan(parts).isSortedAccordingTo(Arrays::compareUnsigned);
        assertThat(borders).doesNotHaveDuplicates();
        for (byte[] border : borders) {
          assertThat(range.contains(border)).isTrue();
          assertThat(border).isNotEqualTo(range.start());
        }
      }
    }
  }

  @Test
  default void splits_emptyRangeOrSpace_areInsideIfThereAreAny() {
    fill(100);

    assertThat(engine().splits(Space.HEAD, range("5", "5"), 4)).isEmpty();
    assertThat(engine().splits(Space.HEAD, range("00050", "00010"), 4)).isEmpty();
    assertThat(engine().splits(Space.HEAD, KeyRange.single(bytes("00050")), 4)).isEmpty();
    for (byte[] border : engine().splits(Space.LOG, range("a", "b"), 4)) {
      assertThat(range("a", "b").contains(border)).isTrue();
    }
  }

  @Test
  default void splits_lessThanOnePart_isRefused() {
    for (int parts : List.of(0, -1)) {
      assertThatThrownBy(() -> engine().splits(Space.HEAD, KeyRange.all(), parts))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  default void usage_always_isConsistent() {
    Usage before = engine().usage();
    fill(1_000);
    Usage after = engine().usage();

    for (Usage usage : List.of(before, after)) {
      assertThat(usage.inUseBytes()).isBetween(0L, usage.totalBytes());
    }
    assertThat(after.totalBytes()).isPositive();
  }

  @Test
  default void reclaim_afterDeletes_keepsTheRest() {
    fill(2_000);
    engine().commit(new WriteBatch().deleteRange(Space.HEAD, range("00003", null)));
    engine().reclaim();

    assertThat(all(engine(), Space.HEAD)).hasSize(3).startsWith("00000=v0").endsWith("00002=v2");
    assertThat(engine().commit(put(Space.HEAD, "00001", "new")))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  @Test
  default void checkpoint_copy_opensWithExactlyThatContent() {
    assumeTrue(supportsCheckpoint(), "this engine does not live in a directory");
    fill(500);
    engine().commit(put(Space.META, "m", "1"));
    Path copy = directory().resolve("copy");
    engine().checkpoint(copy);
    engine().commit(put(Space.META, "m", "2").deleteRange(Space.HEAD, KeyRange.all()));
    Engine opened = open(copy);

    assertThat(all(opened, Space.HEAD)).hasSize(500).endsWith("00499=v499");
    assertThat(all(opened, Space.META)).containsExactly("m=1");
    opened.commit(put(Space.META, "m", "3"));
    assertThat(all(opened, Space.META)).containsExactly("m=3");
    assertThat(all(engine(), Space.META)).containsExactly("m=2");
    assertThat(all(engine(), Space.HEAD)).isEmpty();
  }

  @Test
  default void checkpoint_existingDirectory_isRefusedAndUntouched() throws IOException {
    assumeTrue(supportsCheckpoint(), "this engine does not live in a directory");
    Path existing = Files.createDirectory(directory().resolve("existing"));

    assertThatThrownBy(() -> engine().checkpoint(existing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(existing.toString());
    assertThat(existing).isEmptyDirectory();
  }

  @Test
  default void checkpoint_parentDoesNotExist_isRefused() {
    assumeTrue(supportsCheckpoint(), "this engine does not live in a directory");
    Path orphan = directory().resolve("absent").resolve("copy");

    assertThatThrownBy(() -> engine().checkpoint(orphan))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(orphan.toString());
    assertThat(orphan).doesNotExist();
  }

  @Test
  default void checkpoint_engineWithoutDirectory_isUnsupported() {
    assumeFalse(supportsCheckpoint(), "this engine lives in a directory");

    assertThatThrownBy(() -> engine().checkpoint(directory().resolve("copy")))
        .isInstanceOf(EngineException.Unsupported.class);
  }

  private void fill(int rows) {
    WriteBatch batch = new WriteBatch();
    for (int row = 0; row < rows; row++) {
      batch.put(Space.HEAD, bytes("%05d".formatted(row)), bytes("v" + row));
    }
    engine().commit(batch);
  }
}
