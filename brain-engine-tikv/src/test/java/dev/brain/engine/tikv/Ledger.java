// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds a row of its own to each batch and keeps what its commit was said to have come to, so that
 * both can be compared in the end. Thread-safe.
 */
final class Ledger {
  private final Set<String> committed = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Map<String, CommitOutcome.Unknown> unknown = new ConcurrentHashMap<>();

  /** Commits a batch together with a row of the log that has this name. */
  boolean commit(Engine engine, String name, WriteBatch batch) {
    batch.put(Space.LOG, bytes(name), bytes(""));
    try {
      switch (engine.commit(batch)) {
        case CommitOutcome.Committed _ -> committed.add(name);
        case CommitOutcome.ConditionFailed _ -> refused.add(name);
        case CommitOutcome.Unknown outcome -> unknown.put(name, outcome);
      }
    } catch (EngineException.Unavailable _) {
      refused.add(name);
    }
    return committed.contains(name);
  }

  /** What was committed as far as was said at once. */
  Set<String> committed() {
    return Set.copyOf(committed);
  }

  int attempts() {
    return committed.size() + refused.size() + unknown.size();
  }

  /** The sizes of what there is, for the output of a test. */
  @Override
  public String toString() {
    return committed.size()
        + " committed, "
        + refused.size()
        + " not, "
        + unknown.size()
        + " unknown at first";
  }

  /** Asks for all fates; the faults must be over. */
  void settle(Engine engine) {
    unknown.forEach(
        (name, outcome) -> {
          Fate fate =
              await()
                  .atMost(Duration.ofMinutes(1))
                  .pollDelay(Duration.ZERO)
                  .until(() -> engine.settle(outcome), found -> found != Fate.STILL_UNKNOWN);
          (fate == Fate.COMMITTED ? committed : refused).add(name);
        });
  }

  /** Asserts that exactly those rows are there that were said to be. */
  void assertExact(Engine engine) {
    assertThat(rows(engine)).containsExactlyInAnyOrderElementsOf(committed);
  }

  /** The names of all rows of the log. */
  static Set<String> rows(Engine engine) {
    Set<String> rows = new TreeSet<>();
    try (Snapshot snapshot = engine.snapshot();
        Cursor cursor = snapshot.scan(Space.LOG, KeyRange.all(), ScanOptions.KEYS)) {
      while (cursor.next()) {
        rows.add(text(cursor.key()));
      }
    }
    return rows;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
