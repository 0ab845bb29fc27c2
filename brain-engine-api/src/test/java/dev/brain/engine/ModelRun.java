// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.text;
import static dev.brain.engine.Rows.textOrNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.CommitOutcome.Committed;
import dev.brain.engine.CommitOutcome.ConditionFailed;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One run of random commits, snapshots and reads, each compared with a model. Keys are few and
 * short, so that operations meet often.
 */
final class ModelRun {
  private static final int SNAPSHOTS = 8;
  private static final String KEY_LETTERS = "\0ab\u00ff";
  private static final List<Space> SPACES = List.of(Space.values());

  /** A snapshot and the model as it was when the snapshot was opened. */
  private record Moment(Snapshot snapshot, EngineModel model) {}

  private final ContractFixture fixture;
  private final long seed;
  private final Random random;
  private final List<Moment> moments = new ArrayList<>();
  private final EngineModel model = new EngineModel();

  ModelRun(ContractFixture fixture, long seed) {
    this.fixture = fixture;
    this.seed = seed;
    this.random = new Random(seed);
  }

  void run(int steps) {
    int step = 0;
    try {
      for (; step < steps; step++) {
        step();
      }
      closeMoments();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("brain.seed " + seed + ", step " + step, e);
    }
  }

  private void step() {
    int choice = random.nextInt(1000);
    if (choice < 400) {
      commit();
    } else if (choice < 600) {
      Space space = space();
      byte[] key = key();
      assertThat(textOrNull(fixture.engine().get(space, key))).isEqualTo(model.get(space, key));
    } else if (choice < 650) {
      openMoment();
    } else if (choice < 999 || !fixture.survivesReopen()) {
      read();
    } else {
      closeMoments();
      fixture.reopen();
    }
  }

  private void commit() {
    WriteBatch batch =
        new WriteBatch(random.nextInt(50) == 0 ? Durability.SYNCED : Durability.BUFFERED);
    for (int count = random.nextInt(3); count > 0; count--) {
      batch.require(condition());
    }
    for (int count = random.nextInt(6); count > 0; count--) {
      addOperation(batch);
    }

    CommitOutcome outcome = fixture.engine().commit(batch);
    if (batch.conditions().stream().allMatch(model::holds)) {
      assertThat(outcome).isInstanceOf(Committed.class);
      model.apply(batch);
      return;
    }
    assertThat(outcome).isInstanceOf(ConditionFailed.class);
    ConditionFailed failed = (ConditionFailed) outcome;
    Condition condition = failed.condition();
    assertThat(condition).isIn(batch.conditions());
    assertThat(condition.holds(failed.current())).isFalse();
    assertThat(textOrNull(failed.current()))
        .isEqualTo(model.get(condition.space(), condition.key()));
  }

  /** A condition that mostly holds, as those of a leader do. */
  private Condition condition() {
    Space space = space();
    byte[] key = key();
    String current = model.get(space, key);
    return switch (random.nextInt(8)) {
      case 0 -> new Condition.Exists(space, key);
      case 1 -> new Condition.Absent(space, key);
      case 2 -> new Condition.Holds(space, key, value());
      default ->
          current == null
              ? new Condition.Absent(space, key)
              : new Condition.Holds(space, key, bytes(current));
    };
  }

  private void addOperation(WriteBatch batch) {
    switch (random.nextInt(10)) {
      case 0 -> batch.deleteRange(space(), range());
      case 1, 2 -> batch.delete(space(), key());
      default -> batch.put(space(), key(), value());
    }
  }

  private void openMoment() {
    if (moments.size() == SNAPSHOTS) {
      moments.remove(random.nextInt(SNAPSHOTS)).snapshot().close();
    }
    moments.add(new Moment(fixture.engine().snapshot(), new EngineModel(model)));
  }

  /** Reads from a random snapshot of those that are open. */
  private void read() {
    if (moments.isEmpty()) {
      openMoment();
    }
    Moment moment = moments.get(random.nextInt(moments.size()));
    if (random.nextInt(4) == 0) {
      multiGet(moment, space());
    } else {
      scan(moment, space(), range());
    }
  }

  private void multiGet(Moment moment, Space space) {
    List<byte[]> keys = new ArrayList<>();
    List<@Nullable String> expected = new ArrayList<>();
    for (int count = random.nextInt(6); count > 0; count--) {
      byte[] key = key();
      keys.add(key);
      expected.add(moment.model().get(space, key));
    }
    List<@Nullable String> found = new ArrayList<>();
    for (byte @Nullable [] value : moment.snapshot().multiGet(space, keys)) {
      found.add(textOrNull(value));
    }
    assertThat(found).isEqualTo(expected);
  }

  /** Walks a range, sometimes only its beginning. */
  private void scan(Moment moment, Space space, KeyRange range) {
    boolean reverse = random.nextBoolean();
    boolean keysOnly = random.nextInt(3) == 0;
    ScanOptions options = new ScanOptions(reverse, keysOnly, random.nextInt(3));
    int limit = random.nextInt(4) == 0 ? random.nextInt(5) : Integer.MAX_VALUE;
    NavigableMap<String, String> rows = moment.model().rows(space, range);
    Iterator<Map.Entry<String, String>> expected =
        (reverse ? rows.descendingMap() : rows).entrySet().iterator();
    try (Cursor cursor = moment.snapshot().scan(space, range, options)) {
      for (int count = 0; count < limit; count++) {
        boolean next = cursor.next();
        assertThat(next).isEqualTo(expected.hasNext());
        if (!next) {
          return;
        }
        Map.Entry<String, String> row = expected.next();
        assertThat(text(cursor.key())).isEqualTo(row.getKey());
        if (!keysOnly) {
          assertThat(text(cursor.value())).isEqualTo(row.getValue());
        }
      }
    }
  }

  private void closeMoments() {
    moments.forEach(moment -> moment.snapshot().close());
    moments.clear();
  }

  private Space space() {
    return SPACES.get(random.nextInt(SPACES.size()));
  }

  private byte[] key() {
    StringBuilder key = new StringBuilder();
    for (int length = random.nextInt(4); length > 0; length--) {
      key.append(KEY_LETTERS.charAt(random.nextInt(KEY_LETTERS.length())));
    }
    return bytes(key.toString());
  }

  private byte[] value() {
    return bytes(random.nextInt(10) == 0 ? "" : "v" + random.nextInt(1000));
  }

  private KeyRange range() {
    return new KeyRange(key(), random.nextInt(4) == 0 ? null : key());
  }
}
