// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Byte strings as text, so that tests read well. One character stands for one byte, from {@code \0}
 * to {@code \u00ff}, so no two byte strings look alike.
 */
final class Rows {
  private Rows() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static @Nullable String textOrNull(byte @Nullable [] bytes) {
    return bytes == null ? null : text(bytes);
  }

  static KeyRange range(String start, @Nullable String end) {
    return new KeyRange(bytes(start), end == null ? null : bytes(end));
  }

  /** The value of a key now, or null. */
  static @Nullable String get(Engine engine, Space space, String key) {
    return textOrNull(engine.get(space, bytes(key)));
  }

  /** Everything of one space now, in order, as {@code key=value}. */
  static List<String> all(Engine engine, Space space) {
    try (Snapshot snapshot = engine.snapshot()) {
      return scan(snapshot, space, KeyRange.all(), ScanOptions.FORWARD);
    }
  }

  /** Everything a scan gives, in its order, as {@code key=value}, or {@code key} if keys only. */
  static List<String> scan(Snapshot snapshot, Space space, KeyRange range, ScanOptions options) {
    List<String> rows = new ArrayList<>();
    try (Cursor cursor = snapshot.scan(space, range, options)) {
      while (cursor.next()) {
        String key = text(cursor.key());
        rows.add(options.keysOnly() ? key : key + "=" + text(cursor.value()));
      }
    }
    return rows;
  }

  static WriteBatch put(Space space, String key, String value) {
    return new WriteBatch().put(space, bytes(key), bytes(value));
  }
}
