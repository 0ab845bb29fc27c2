// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.Cursor;
import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.WriteBatch.Operation;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Commits that follow from their number alone, shaped like those of the store. */
final class Workload {
  private static final int KEYS = 200;
  private static final int VALUE_BYTES = 400;
  private static final int HISTORY_ROWS = 200;
  private static final int LOG_ROWS = 100;

  private Workload() {}

  /** The commit with a number, from 1 on. */
  static WriteBatch batch(int number, Durability durability) {
    Random random = new Random(number);
    byte[] value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    byte[] head = bytes("/registry/pods/default/pod-%04d".formatted(random.nextInt(KEYS)));
    WriteBatch batch =
        new WriteBatch(durability)
            .put(Space.HEAD, head, value)
            .put(Space.HISTORY, bytes("history-%08d".formatted(number)), value)
            .put(Space.LOG, bytes("%08d".formatted(number)), head)
            .put(Space.META, bytes("number"), bytes("" + number));
    batch.delete(Space.HISTORY, bytes("history-%08d".formatted(number - HISTORY_ROWS)));
    if (number % 20 == 0) {
      byte[] end = bytes("%08d".formatted(number - LOG_ROWS));
      batch.deleteRange(Space.LOG, new KeyRange(new byte[0], end));
    }
    return batch;
  }

  /** What all spaces hold after the commits from 1 to a number. */
  static Map<Space, Map<String, String>> stateAfter(int number) {
    Map<Space, Map<String, String>> state = new EnumMap<>(Space.class);
    for (Space space : Space.values()) {
      state.put(space, new TreeMap<>());
    }
    for (int commit = 1; commit <= number; commit++) {
      for (Operation operation : batch(commit, Durability.BUFFERED).operations()) {
        apply(state, operation);
      }
    }
    return state;
  }

  private static void apply(Map<Space, Map<String, String>> state, Operation operation) {
    switch (operation) {
      case Operation.Put(Space space, byte[] key, byte[] value) ->
          rows(state, space).put(text(key), text(value));
      case Operation.Delete(Space space, byte[] key) -> rows(state, space).remove(text(key));
      case Operation.DeleteRange(Space space, KeyRange range) ->
          rows(state, space).keySet().removeIf(key -> range.contains(bytes(key)));
    }
  }

  /** What all spaces of an engine hold, read by a scan and by points. */
  static Map<Space, Map<String, String>> read(Engine engine) {
    Map<Space, Map<String, String>> state = new EnumMap<>(Space.class);
    try (Snapshot snapshot = engine.snapshot()) {
      for (Space space : Space.values()) {
        Map<String, String> rows = new TreeMap<>();
        try (Cursor cursor = snapshot.scan(space, KeyRange.all(), ScanOptions.FORWARD)) {
          while (cursor.next()) {
            rows.put(text(cursor.key()), text(cursor.value()));
          }
        }
        state.put(space, rows);
      }
    }
    return state;
  }

  private static Map<String, String> rows(Map<Space, Map<String, String>> state, Space space) {
    return state.computeIfAbsent(space, _ -> new TreeMap<>());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
