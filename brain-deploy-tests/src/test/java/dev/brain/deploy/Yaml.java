// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A part of a YAML document: a map, a list or a scalar. */
record Yaml(Object value) {

  /** All documents of a text, without the empty ones. */
  static List<Yaml> all(String text) {
    return documents(text).stream().map(Yaml::new).toList();
  }

  /** The only document of a text. */
  static Yaml of(String text) {
    List<Yaml> all = all(text);
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " documents (expected: 1)");
    }
    return all.getFirst();
  }

  private static List<Object> documents(String text) {
    List<Object> found = new ArrayList<>();
    for (@Nullable Object document :
        new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      if (document != null) {
        found.add(document);
      }
    }
    return found;
  }

  /** What lies at a path of keys and of places in lists, if there is something. */
  Optional<Yaml> find(String... path) {
    Object current = value;
    for (String step : path) {
      @Nullable Object next =
          switch (current) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list when Integer.parseInt(step) < list.size() ->
                list.get(Integer.parseInt(step));
            default -> null;
          };
      if (next == null) {
        return Optional.empty();
      }
      current = next;
    }
    return Optional.of(new Yaml(current));
  }

  /** What lies at a path, which must exist. */
  Yaml at(String... path) {
    return find(path)
        .orElseThrow(() -> new AssertionError("no " + String.join(".", path) + " in " + value));
  }

  /** The scalar at a path. */
  String text(String... path) {
    return String.valueOf(at(path).value);
  }

  /** The elements of the list at a path; none if it is absent. */
  List<Yaml> list(String... path) {
    return find(path)
        .map(part -> ((List<?>) part.value).stream().map(element -> new Yaml((Object) element)))
        .map(elements -> elements.toList())
        .orElse(List.of());
  }

  /** The keys and scalars of the map at a path; empty if it is absent. */
  Map<String, String> map(String... path) {
    Map<String, String> found = new TreeMap<>();
    find(path)
        .ifPresent(
            part ->
                ((Map<?, ?>) part.value)
                    .forEach((key, scalar) -> found.put(key + "", String.valueOf(scalar))));
    return found;
  }
}
