// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The differences that have a reason, from the resource {@code explained-differences.yaml}. Every
 * rule belongs to one test, which fails when the rule explains nothing any more.
 */
public final class Explained {
  private static final Set<String> FIELDS =
      Set.of("id", "test", "where", "path", "etcd", "brain", "reason");

  private record Rule(String id, Pattern where, Pattern path, Pattern etcd, Pattern brain) {
    boolean matches(Difference difference) {
      return where.matcher(difference.where()).find()
          && path.matcher(difference.path()).matches()
          && etcd.matcher(difference.etcd()).find()
          && brain.matcher(difference.brain()).find();
    }
  }

  private final List<Rule> rules = new ArrayList<>();
  private final Set<String> unused = new LinkedHashSet<>();

  private Explained() {}

  /** The rules of the test called {@code test}. */
  public static Explained of(String test) {
    Explained explained = new Explained();
    for (Map<?, ?> entry : load()) {
      if (!entry.keySet().equals(FIELDS)) {
        throw new IllegalStateException("a rule has " + entry + "; expected the fields " + FIELDS);
      }
      if (test.equals(entry.get("test"))) {
        explained.add(entry);
      }
    }
    return explained;
  }

  /** What no rule explains. */
  public List<Difference> unexplained(List<Difference> differences) {
    List<Difference> rest = new ArrayList<>();
    for (Difference difference : differences) {
      boolean explained = false;
      for (Rule rule : rules) {
        if (rule.matches(difference)) {
          unused.remove(rule.id());
          explained = true;
          break;
        }
      }
      if (!explained) {
        rest.add(difference);
      }
    }
    return rest;
  }

  /** The ids of the rules that have explained nothing so far. */
  public Set<String> unused() {
    return Set.copyOf(unused);
  }

  private void add(Map<?, ?> entry) {
    String id = text(entry, "id");
    if (!unused.add(id)) {
      throw new IllegalStateException("two rules have the id " + id);
    }
    if (text(entry, "reason").isBlank()) {
      throw new IllegalStateException("the rule " + id + " has no reason");
    }
    rules.add(
        new Rule(
            id,
            pattern(entry, "where"),
            pattern(entry, "path"),
            pattern(entry, "etcd"),
            pattern(entry, "brain")));
  }

  private static List<Map<?, ?>> load() {
    try (InputStream resource =
        Explained.class.getResourceAsStream("/explained-differences.yaml")) {
      if (resource == null) {
        throw new IllegalStateException("the resource explained-differences.yaml is missing");
      }
      Object root = new Load(LoadSettings.builder().build()).loadFromInputStream(resource);
      List<Map<?, ?>> entries = new ArrayList<>();
      if (root instanceof List<?> list) {
        for (Object entry : list) {
          entries.add((Map<?, ?>) entry);
        }
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pattern pattern(Map<?, ?> entry, String field) {
    return Pattern.compile(text(entry, field), Pattern.DOTALL);
  }

  private static String text(Map<?, ?> entry, String field) {
    return String.valueOf(entry.get(field));
  }
}
