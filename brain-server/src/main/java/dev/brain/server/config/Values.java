// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The given values of all settings, read with their types. A value that cannot be read becomes a
 * fault and its default is returned, so that all faults are found in one go. Not thread-safe.
 */
final class Values {
  private final Map<Setting, Given> given;
  private final List<String> faults;

  Values(Map<Setting, Given> given, List<String> faults) {
    this.given = given;
    this.faults = faults;
  }

  /** What was given for a setting, or null if it has its default. An empty text counts as given. */
  @Nullable Given given(Setting setting) {
    return given.get(setting);
  }

  boolean has(Setting setting) {
    return !text(setting).isEmpty();
  }

  String text(Setting setting) {
    Given value = given.get(setting);
    return value == null ? setting.defaultValue() : value.text();
  }

  /**
   * Reads a value.
   *
   * @param parser throws IllegalArgumentException with what was expected
   */
  <T> T read(Setting setting, Function<String, T> parser) {
    Given value = given.get(setting);
    if (value != null) {
      try {
        return parser.apply(value.text());
      } catch (IllegalArgumentException e) {
        faults.add(value.fault(String.valueOf(e.getMessage())));
      }
    }
    return parser.apply(setting.defaultValue());
  }

  /** Reads the path of a file that has no default. */
  Path file(Setting setting) {
    try {
      return path(text(setting));
    } catch (IllegalArgumentException e) {
      fault(setting, "a path");
      return Path.of("");
    }
  }

  /** Reads a path. */
  static Path path(String text) {
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      // The expectation below says it all.
    }
    throw new IllegalArgumentException("a path");
  }

  boolean toggle(Setting setting) {
    return read(
        setting,
        text ->
            switch (text) {
              case "true", "1" -> true;
              case "false", "0" -> false;
              default -> throw new IllegalArgumentException("true or false");
            });
  }

  int number(Setting setting, int least) {
    return read(
        setting,
        text -> {
          try {
            int number = Integer.parseInt(text);
            if (number >= least) {
              return number;
            }
          } catch (NumberFormatException e) {
            // The expectation below says it all.
          }
          throw new IllegalArgumentException("a number from " + least + " to 2147483647");
        });
  }

  <T> T choice(Setting setting, Map<String, T> choices) {
    return read(setting, text -> chosen(text, choices));
  }

  /** Reads a choice that has no default text. */
  <T> T choice(Setting setting, Map<String, T> choices, T absent) {
    return read(setting, text -> text.isEmpty() ? absent : chosen(text, choices));
  }

  private static <T> T chosen(String text, Map<String, T> choices) {
    T chosen = choices.get(text);
    if (chosen == null) {
      throw new IllegalArgumentException(String.join(", ", choices.keySet()));
    }
    return chosen;
  }

  /** Reads values that are separated by commas; each faulty one is a fault of its own. */
  <T> List<T> list(Setting setting, Function<String, T> parser) {
    List<T> found = new ArrayList<>();
    Given value = given.get(setting);
    String source = value == null ? setting.flag() : value.source();
    for (String text : text(setting).split(",", -1)) {
      if (text.isBlank()) {
        continue;
      }
      try {
        found.add(parser.apply(text.strip()));
      } catch (IllegalArgumentException e) {
        faults.add(new Given(source, text.strip()).fault(String.valueOf(e.getMessage())));
      }
    }
    return found;
  }

  /**
   * Reads pairs; the last value of a name wins. A comma begins another pair only if there is a name
   * behind it, so that a value may be a list: {@code pd-endpoints=a:2379,b:2379}.
   */
  Map<String, String> pairs(Setting setting) {
    Map<String, String> found = new LinkedHashMap<>();
    Deque<String> names = new ArrayDeque<>();
    list(
            setting,
            text -> {
              int equals = text.indexOf('=');
              if (equals > 0) {
                names.add(text.substring(0, equals));
                return Map.entry(names.getLast(), text.substring(equals + 1));
              }
              if (equals == 0 || names.isEmpty()) {
                throw new IllegalArgumentException("NAME=VALUE");
              }
              return Map.entry(names.getLast(), "," + text);
            })
        .forEach(
            pair ->
                found.merge(
                    pair.getKey(),
                    pair.getValue(),
                    (before, next) -> next.startsWith(",") ? before + next : next));
    return found;
  }

  /** Adds a fault of a setting's value that another setting causes. */
  void fault(Setting setting, String expected) {
    Given value = given.get(setting);
    faults.add(
        (value == null ? new Given(setting.flag(), setting.defaultValue()) : value)
            .fault(expected));
  }
}
