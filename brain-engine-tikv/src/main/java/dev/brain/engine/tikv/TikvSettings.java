// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import dev.brain.engine.EngineOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The engine's own settings, checked.
 *
 * @param endpoints the placement drivers, {@code host:port}, at least one
 * @param keyspace tells the Brain clusters apart that share a TiKV cluster
 * @param files what TLS needs; null for none
 * @param collectsGarbage whether the node that writes drops versions that nobody can read any more
 * @param garbageLife how long old versions can be read
 * @param requestTimeout how long one call may take, retries included
 */
record TikvSettings(
    List<String> endpoints,
    String keyspace,
    @Nullable Files files,
    boolean collectsGarbage,
    Duration garbageLife,
    Duration requestTimeout) {
  static final String PD_ENDPOINTS = "pd-endpoints";
  static final String KEYSPACE = "keyspace";
  static final String CACERT = "cacert";
  static final String CERT = "cert";
  static final String KEY = "key";
  static final String GARBAGE_COLLECTION = "garbage-collection";
  static final String GARBAGE_COLLECTION_LIFE = "garbage-collection-life";
  static final String REQUEST_TIMEOUT = "request-timeout";

  static final List<EngineOption> OPTIONS =
      List.of(
          new EngineOption(
              PD_ENDPOINTS,
              "127.0.0.1:2379",
              "addresses of the placement drivers, host:port, separated by commas"),
          new EngineOption(
              KEYSPACE,
              "default",
              "tells apart the Brain clusters that share one TiKV cluster; lower case letters,"
                  + " digits and hyphens"),
          new EngineOption(
              CACERT,
              "",
              "file with the certificates to trust, PEM; with cert and key it makes every connection"
                  + " mutual TLS"),
          new EngineOption(CERT, "", "file with the certificate of this node, PEM"),
          new EngineOption(KEY, "", "file with the key of this node, PKCS#8 PEM"),
          new EngineOption(
              GARBAGE_COLLECTION,
              "true",
              "whether the node that writes lets TiKV drop old versions; false where TiDB uses the"
                  + " same cluster and does so"),
          new EngineOption(
              GARBAGE_COLLECTION_LIFE,
              "10m",
              "how long old versions can be read, as 90s, 10m or 1h; a list takes at most so long"),
          new EngineOption(
              REQUEST_TIMEOUT,
              "5s",
              "how long a read or a commit may take, retries included, as 500ms, 5s or 1m"));

  private static final Pattern ENDPOINT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.%]+]):([0-9]{1,5})");
  private static final Pattern KEYSPACE_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  /** The three files of mutual TLS. */
  record Files(Path authority, Path certificate, Path key) {}

  /** Checks the given options and takes the defaults of the others. */
  static TikvSettings parse(Map<String, String> given) {
    for (String name : given.keySet()) {
      if (OPTIONS.stream().noneMatch(option -> option.name().equals(name))) {
        throw invalid(
            name,
            text(given, name),
            "an option of the tikv engine: "
                + OPTIONS.stream().map(EngineOption::name).collect(Collectors.joining(", ")));
      }
    }
    return new TikvSettings(
        endpoints(text(given, PD_ENDPOINTS)),
        keyspace(text(given, KEYSPACE)),
        files(given),
        flag(given, GARBAGE_COLLECTION),
        duration(given, GARBAGE_COLLECTION_LIFE, Duration.ofSeconds(30), Duration.ofDays(7)),
        duration(given, REQUEST_TIMEOUT, Duration.ofMillis(100), Duration.ofMinutes(5)));
  }

  private static List<String> endpoints(String text) {
    List<String> endpoints = List.of(text.split(",", -1));
    for (String endpoint : endpoints) {
      Matcher matcher = ENDPOINT.matcher(endpoint);
      if (!matcher.matches() || !isPort(matcher.group(2))) {
        throw invalid(PD_ENDPOINTS, text, "host:port, more of them separated by commas");
      }
    }
    return endpoints;
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65_535;
  }

  private static String keyspace(String text) {
    if (!KEYSPACE_NAME.matcher(text).matches()) {
      throw invalid(
          KEYSPACE, text, "1 to 63 lower case letters, digits and hyphens; no hyphen in front");
    }
    return text;
  }

  private static @Nullable Files files(Map<String, String> given) {
    List<String> names = List.of(CACERT, CERT, KEY);
    List<String> missing = names.stream().filter(name -> text(given, name).isEmpty()).toList();
    if (missing.size() == names.size()) {
      return null;
    }
    if (!missing.isEmpty()) {
      throw invalid(
          missing.getFirst(), "", "a file, since TLS needs all of " + String.join(", ", names));
    }
    return new Files(
        Path.of(text(given, CACERT)), Path.of(text(given, CERT)), Path.of(text(given, KEY)));
  }

  private static Duration duration(
      Map<String, String> given, String name, Duration least, Duration most) {
    String text = text(given, name);
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
          };
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    throw invalid(
        name,
        text,
        "a duration such as 500ms, 90s, 10m or 1h, from "
            + least.toMillis()
            + "ms to "
            + most.toSeconds()
            + "s");
  }

  private static boolean flag(Map<String, String> given, String name) {
    String text = text(given, name);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, text, "true or false");
    };
  }

  private static String text(Map<String, String> given, String name) {
    String text = given.get(name);
    if (text != null) {
      return text;
    }
    return OPTIONS.stream()
        .filter(option -> option.name().equals(name))
        .map(EngineOption::defaultValue)
        .findFirst()
        .orElseThrow();
  }

  private static EngineException.InvalidSettings invalid(
      String name, String value, String expected) {
    return new EngineException.InvalidSettings(
        name + ": " + value + " (expected: " + expected + ")", null);
  }
}
