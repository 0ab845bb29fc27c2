// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.text;
import static dev.brain.engine.Rows.textOrNull;

import dev.brain.engine.WriteBatch.Operation;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an engine holds, as plain sorted maps of text; text sorts as its bytes do. */
final class EngineModel {
  private final Map<Space, NavigableMap<String, String>> spaces = new EnumMap<>(Space.class);

  EngineModel() {
    for (Space space : Space.values()) {
      spaces.put(space, new TreeMap<>());
    }
  }

  /** A copy that later changes of the original do not reach. */
  EngineModel(EngineModel original) {
    original.spaces.forEach((space, rows) -> spaces.put(space, new TreeMap<>(rows)));
  }

  /** The live rows of a space. */
  NavigableMap<String, String> rows(Space space) {
    return Objects.requireNonNull(spaces.get(space));
  }

  /** The live rows of a range of a space. */
  NavigableMap<String, String> rows(Space space, KeyRange range) {
    if (range.isEmpty()) {
      return new TreeMap<>();
    }
    String start = text(range.start());
    String end = textOrNull(range.end());
    return end == null
        ? rows(space).tailMap(start, true)
        : rows(space).subMap(start, true, end, false);
  }

  @Nullable String get(Space space, byte[] key) {
    return rows(space).get(text(key));
  }

  boolean holds(Condition condition) {
    String current = get(condition.space(), condition.key());
    return condition.holds(current == null ? null : Rows.bytes(current));
  }

  void apply(WriteBatch batch) {
    for (Operation operation : batch.operations()) {
      switch (operation) {
        case Operation.Put(Space space, byte[] key, byte[] value) ->
            rows(space).put(text(key), text(value));
        case Operation.Delete(Space space, byte[] key) -> rows(space).remove(text(key));
        case Operation.DeleteRange(Space space, KeyRange range) -> rows(space, range).clear();
      }
    }
  }
}
