// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of a cluster were told, and whether its event log agrees. Notes may come from
 * any thread; {@link #check} comes when all is quiet.
 */
final class ClusterHistory {
  /** What a client was told of a write. */
  enum Outcome {
    DONE,
    REFUSED,
    UNKNOWN
  }

  /**
   * A write that puts a value which no other write puts.
   *
   * @param deleted deleted together with the put, if it is there
   * @param expected the revision that the key must have had, 0 for none; -1 if any will do
   */
  record Write(String key, String value, long lease, @Nullable String deleted, long expected) {}

  private record Ended(Write write, Outcome outcome, long revision, String text) {}

  private record Revoked(long lease, Outcome outcome, long revision) {}

  /** What a read showed of one key, or of all. */
  private record Seen(String node, @Nullable String key, long revision, List<KeyValue> found) {}

  private final Queue<Ended> writes = new ConcurrentLinkedQueue<>();
  private final Queue<Revoked> revoked = new ConcurrentLinkedQueue<>();
  private final Queue<Seen> reads = new ConcurrentLinkedQueue<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicLong told = new AtomicLong(1);
  private final ConcurrentMap<String, AtomicLong> shown = new ConcurrentHashMap<>();

  /** The newest revision that any client was told of. */
  long told() {
    return told.get();
  }

  /** The newest revision that the clients of a node were shown by it. */
  long shown(String node) {
    return shownBy(node).get();
  }

  private AtomicLong shownBy(String node) {
    return shown.computeIfAbsent(node, _ -> new AtomicLong(1));
  }

  /** A client was told of a revision by whoever leads. */
  void tell(long revision) {
    told.accumulateAndGet(revision, Math::max);
  }

  /** A client was told of a revision by what a node has itself. */
  void show(String node, long revision) {
    tell(revision);
    shownBy(node).accumulateAndGet(revision, Math::max);
  }

  void ended(Write write, Outcome outcome, long revision, String text) {
    writes.add(new Ended(write, outcome, revision, text));
  }

  void revoked(long lease, Outcome outcome, long revision) {
    revoked.add(new Revoked(lease, outcome, revision));
  }

  void read(String node, @Nullable String key, long revision, List<KeyValue> found) {
    reads.add(new Seen(node, key, revision, found));
  }

  /** A rule that must hold at once. */
  void require(boolean holds, String rule) {
    if (!holds) {
      violations.add(rule);
    }
  }

  long count(Outcome outcome) {
    return writes.stream().filter(write -> write.outcome() == outcome).count();
  }

  long readCount() {
    return reads.size();
  }

  /** Checks everything that was noted against the log. */
  void check(Replay replay) {
    assertThat(violations).isEmpty();
    checkChain(replay);
    checkWrites(replay);
    for (Seen seen : reads) {
      SortedMap<String, KeyValue> state = replay.stateAt(seen.revision());
      List<KeyValue> expected = new ArrayList<>(state.values());
      expected.removeIf(
          found -> seen.key() != null && !found.getKey().toStringUtf8().equals(seen.key()));
      if (!expected.equals(seen.found())) {
        assertThat(seen.found())
            .as("read of %s on %s at %s", seen.key(), seen.node(), seen.revision())
            .isEqualTo(expected);
      }
    }
  }

  /** Each event names the version that it replaced. */
  private static void checkChain(Replay replay) {
    replay
        .log()
        .forEach(
            (revision, events) -> {
              for (Event event : events) {
                KeyValue now = event.getKv();
                KeyValue before = replay.stateAt(revision - 1).get(now.getKey().toStringUtf8());
                assertThat(event.hasPrevKv() ? event.getPrevKv() : null)
                    .as("what revision %s replaced", revision)
                    .isEqualTo(before);
                assertThat(now.getModRevision()).isEqualTo(revision);
                if (event.getType() == Event.EventType.PUT) {
                  assertThat(now.getVersion())
                      .as("version at %s", revision)
                      .isEqualTo(before == null ? 1 : before.getVersion() + 1);
                } else {
                  assertThat(before).as("deleted at %s", revision).isNotNull();
                }
              }
            });
  }

  /** Each revision is one write or the end of one lease, and each write was told truly. */
  private void checkWrites(Replay replay) {
    Map<String, Long> byValue = new HashMap<>();
    Map<Long, Set<Long>> byLease = new HashMap<>();
    replay
        .log()
        .forEach(
            (revision, events) -> {
              List<Event> puts =
                  events.stream().filter(e -> e.getType() == Event.EventType.PUT).toList();
              if (puts.isEmpty()) {
                long lease = events.getFirst().getPrevKv().getLease();
                assertThat(events).allMatch(event -> event.getPrevKv().getLease() == lease);
                byLease.computeIfAbsent(lease, _ -> new HashSet<>()).add(revision);
              } else {
                assertThat(puts).as("puts at %s", revision).hasSize(1);
                String value = puts.getFirst().getKv().getValue().toStringUtf8();
                assertThat(byValue.put(value, revision)).as("%s is there twice", value).isNull();
              }
            });
    for (Ended ended : writes) {
      checkWrite(ended, byValue.remove(ended.write().value()), replay);
    }
    assertThat(byValue).as("writes that nobody asked for").isEmpty();
    checkLeases(byLease, replay);
  }

  private static void checkWrite(Ended ended, @Nullable Long revision, Replay replay) {
    Write write = ended.write();
    switch (ended.outcome()) {
      case DONE -> assertThat(revision).as("answered: %s", write).isEqualTo(ended.revision());
      case REFUSED -> assertThat(revision).as("refused with %s: %s", ended.text(), write).isNull();
      case UNKNOWN -> {}
    }
    if (revision == null) {
      return;
    }
    SortedMap<String, KeyValue> before = replay.stateAt(revision - 1);
    Map<String, Event> events = new TreeMap<>();
    for (Event event : Objects.requireNonNull(replay.log().get(revision))) {
      events.put(event.getKv().getKey().toStringUtf8(), event);
    }
    KeyValue put = Objects.requireNonNull(events.remove(write.key())).getKv();
    assertThat(put.getLease()).as("lease: %s", write).isEqualTo(write.lease());
    KeyValue replaced = before.get(write.key());
    if (write.expected() >= 0) {
      assertThat(replaced == null ? 0 : replaced.getModRevision())
          .as("compared: %s", write)
          .isEqualTo(write.expected());
    }
    String deleted = write.deleted();
    assertThat(events.keySet())
        .as("deleted: %s", write)
        .isEqualTo(deleted != null && before.containsKey(deleted) ? Set.of(deleted) : Set.of());
  }

  private void checkLeases(Map<Long, Set<Long>> byLease, Replay replay) {
    for (Revoked end : revoked) {
      if (end.outcome() != Outcome.REFUSED) {
        Set<Long> revisions = byLease.remove(end.lease());
        assertThat(revisions == null ? 0 : revisions.size())
            .as("ends of lease %s", end.lease())
            .isLessThan(2);
      }
      if (end.outcome() == Outcome.DONE) {
        assertThat(replay.stateAt(end.revision()).values())
            .as("keys at %s", end.revision())
            .noneMatch(found -> found.getLease() == end.lease());
      }
    }
    assertThat(byLease).as("leases that ended by themselves").isEmpty();
  }
}
