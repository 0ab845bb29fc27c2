// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The pages that tell probes how the server is: {@code /health} as of old, {@code /livez} and
 * {@code /readyz} made of named checks, each of which has a page of its own below.
 */
public final class HealthPages {
  private final HealthSource source;

  private HealthPages(HealthSource source) {
    this.source = source;
  }

  /** Makes the pages, by path. */
  public static Map<String, Page> of(HealthSource source) {
    HealthPages pages = new HealthPages(source);
    Map<String, Page> paths = new LinkedHashMap<>();
    paths.put("/health", pages::health);
    Supplier<Optional<String>> serializableRead = () -> source.readFailure(true);
    checks(paths, "/livez", Map.of("serializable_read", serializableRead));
    Map<String, Supplier<Optional<String>>> ready = new LinkedHashMap<>();
    ready.put("data_corruption", () -> pages.corruption());
    ready.put("serializable_read", serializableRead);
    ready.put("linearizable_read", () -> source.readFailure(false));
    ready.put("non_learner", Optional::empty);
    checks(paths, "/readyz", ready);
    return paths;
  }

  private Answer health(Request request) {
    boolean serializable = request.values("serializable").contains("true");
    String reason = healthReason(request.values("exclude"), serializable);
    return reason.isEmpty()
        ? Answer.text(200, "{\"health\":\"true\",\"reason\":\"\"}")
        : Answer.text(503, "{\"health\":\"false\",\"reason\":" + quoted(reason) + "}\n");
  }

  private String healthReason(Set<String> excluded, boolean serializable) {
    for (String alarm : source.alarms()) {
      if (!excluded.contains(alarm)) {
        return "ALARM " + alarm;
      }
    }
    if (!serializable && !source.hasLeader()) {
      return "RAFT NO LEADER";
    }
    return source.readFailure(serializable).map(reason -> "RANGE ERROR:" + reason).orElse("");
  }

  private Optional<String> corruption() {
    return source.alarms().contains("CORRUPT")
        ? Optional.of("alarm activated: CORRUPT")
        : Optional.empty();
  }

  private static void checks(
      Map<String, Page> paths, String path, Map<String, Supplier<Optional<String>>> checks) {
    paths.put(
        path,
        request -> {
          Map<String, Supplier<Optional<String>>> chosen = new LinkedHashMap<>(checks);
          chosen.keySet().removeAll(request.values("exclude"));
          return run(request, chosen);
        });
    checks.forEach(
        (name, check) ->
            paths.put(path + "/" + name, request -> run(request, Map.of(name, check))));
  }

  private static Answer run(Request request, Map<String, Supplier<Optional<String>>> checks) {
    Map<String, Optional<String>> results = new LinkedHashMap<>();
    checks.forEach((name, check) -> results.put(name, check.get()));
    String details =
        results.entrySet().stream()
            .map(
                result ->
                    result
                        .getValue()
                        .map(reason -> "[-]" + result.getKey() + " failed: " + reason + "\n")
                        .orElse("[+]" + result.getKey() + " ok\n"))
            .collect(Collectors.joining());
    if (results.values().stream().anyMatch(Optional::isPresent)) {
      return Answer.text(503, details + "\n");
    }
    return Answer.text(200, (request.has("verbose") ? details : "") + "ok\n");
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
              } else if (c < ' ') {
                json.append(' ');
              } else {
                json.append((char) c);
              }
            });
    return json.append('"').toString();
  }
}
