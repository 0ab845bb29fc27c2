// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What clients were told while an engine went wrong, and whether the log of the store agrees. Notes
 * may come from any thread; {@link #check} comes when all is quiet.
 */
final class FaultHistory {
  /** A write of one unique value to some keys. */
  private record Attempt(String value, Set<Key> puts, Outcome outcome, long revision) {}

  /** What a client was told. */
  enum Outcome {
    DONE,
    NOT_APPLIED,
    UNKNOWN
  }

  /** What a read showed of a range at its revision. */
  private record Seen(KeyRange range, long revision, List<KeyValue> keyValues) {}

  private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final Queue<Seen> reads = new ConcurrentLinkedQueue<>();
  private final Queue<Revision> published = new ConcurrentLinkedQueue<>();

  void published(List<Revision> revisions) {
    published.addAll(revisions);
  }

  void attempt(String value, Set<Key> puts, Outcome outcome, long revision) {
    attempts.add(new Attempt(value, puts, outcome, revision));
  }

  void read(KeyRange range, RangeResult result) {
    reads.add(new Seen(range, result.revision(), result.keyValues()));
  }

  long count(Outcome outcome) {
    return attempts.stream().filter(attempt -> attempt.outcome() == outcome).count();
  }

  /** Checks everything noted so far against a store that works. */
  void check(Store store) throws FailureException {
    List<Revision> log =
        store
            .log()
            .read(KeyRange.all(), 2, store.revision(), Integer.MAX_VALUE, Long.MAX_VALUE)
            .revisions();
    checkPublished(log);
    checkAttempts(log);
    checkStates(store, log);
  }

  /** Everything that was published is in the log, in ascending order. */
  private void checkPublished(List<Revision> log) {
    Map<Long, Revision> logged = new HashMap<>();
    log.forEach(revision -> logged.put(revision.number(), revision));
    long last = 1;
    for (Revision revision : published) {
      assertThat(revision.number()).isGreaterThan(last);
      last = revision.number();
      assertThat(Answers.same(revision, logged.get(last))).as("events of %s", last).isTrue();
    }
  }

  /** A write is there entirely or not at all, as its client was told. */
  private void checkAttempts(List<Revision> log) {
    Map<String, Revision> byValue = new HashMap<>();
    for (Revision revision : log) {
      for (String value : values(revision)) {
        assertThat(byValue.put(value, revision)).as("%s is there twice", value).isNull();
      }
    }
    for (Attempt attempt : attempts) {
      Revision revision = byValue.remove(attempt.value());
      if (attempt.outcome() == Outcome.NOT_APPLIED) {
        assertThat(revision).as("%s was not applied", attempt.value()).isNull();
      } else if (attempt.outcome() == Outcome.DONE) {
        assertThat(revision).as("%s was answered", attempt.value()).isNotNull();
        assertThat(Objects.requireNonNull(revision).number()).isEqualTo(attempt.revision());
      }
      if (revision != null) {
        assertThat(puts(revision)).isEqualTo(attempt.puts());
      }
    }
    assertThat(byValue).as("values that nobody wrote").isEmpty();
  }

  private static Set<String> values(Revision revision) {
    Set<String> values = new HashSet<>();
    for (Event event : revision.events()) {
      if (!event.isDelete()) {
        values.add(new String(event.row().value(), StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  private static Set<Key> puts(Revision revision) {
    Set<Key> puts = new HashSet<>();
    for (Event event : revision.events()) {
      if (!event.isDelete()) {
        puts.add(event.key());
      }
    }
    return puts;
  }

  /** The log is a chain without holes, and reads saw what it says. */
  private void checkStates(Store store, List<Revision> log) throws FailureException {
    TreeMap<Long, SortedMap<Key, Row>> states = new TreeMap<>();
    SortedMap<Key, Row> state = new TreeMap<>();
    states.put(1L, state);
    for (Revision revision : log) {
      state = new TreeMap<>(state);
      for (Event event : revision.events()) {
        apply(event, revision.number(), state);
      }
      states.put(revision.number(), state);
    }
    for (Seen seen : reads) {
      assertThat(seen.revision()).isLessThanOrEqualTo(store.revision());
      SortedMap<Key, Row> then =
          Objects.requireNonNull(states.floorEntry(seen.revision())).getValue();
      assertSame(seen, then);
    }
    RangeQuery all = RangeQuery.newest(KeyRange.all());
    for (long at = 1; at <= store.revision(); at += 1 + log.size() / 200) {
      RangeResult result = store.range(all.atRevision(at));
      assertSame(
          new Seen(KeyRange.all(), at, result.keyValues()),
          Objects.requireNonNull(states.floorEntry(at)).getValue());
    }
  }

  private static void apply(Event event, long revision, SortedMap<Key, Row> state) {
    @Nullable Row before = state.get(event.key());
    Row after = event.row();
    assertThat(Answers.same(event.previous(), before)).as("previous at %s", revision).isTrue();
    assertThat(after.modRevision()).isEqualTo(revision);
    if (event.isDelete()) {
      assertThat(before).isNotNull();
      state.remove(event.key());
    } else {
      assertThat(after.version()).isEqualTo(before == null ? 1 : before.version() + 1);
      assertThat(after.createRevision())
          .isEqualTo(before == null ? revision : before.createRevision());
      state.put(event.key(), after);
    }
  }

  private static void assertSame(Seen seen, SortedMap<Key, Row> state) {
    List<KeyValue> expected = new ArrayList<>();
    state.forEach(
        (key, row) -> {
          if (seen.range().contains(key.bytes())) {
            expected.add(new KeyValue(key, row));
          }
        });
    if (!Answers.same(seen.keyValues(), expected)) {
      assertThat(Answers.text(seen.keyValues()))
          .as("read at %s", seen.revision())
          .isEqualTo(Answers.text(expected));
    }
  }
}
