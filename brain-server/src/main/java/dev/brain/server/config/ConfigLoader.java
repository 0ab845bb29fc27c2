// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import dev.brain.server.config.ServerConfig.AutoCompaction;
import dev.brain.server.config.ServerConfig.LogFormat;
import dev.brain.server.config.ServerConfig.LogLevel;
import dev.brain.server.config.Setting.Group;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns what the operator has given into a {@link ServerConfig}, or into all its faults. */
public final class ConfigLoader {
  private static final long DEFAULT_QUOTA = 2L << 30;
  private static final int LARGEST_REQUEST = 1 << 30;

  private final Values values;
  private final List<String> warnings = new ArrayList<>();

  private ConfigLoader(Map<Setting, Given> given, List<String> faults) {
    this.values = new Values(given, faults);
  }

  /**
   * Loads the settings: a flag wins over an environment variable, that over the config file, that
   * over the default.
   *
   * @param flags the values given on the command line, by setting
   * @param environment the environment; names that are no setting's are not looked at
   * @param usageFaults what is already known to be wrong with the command line
   * @throws ConfigException with all faults, of all settings and sources
   */
  public static ServerConfig load(
      Map<Setting, String> flags, Map<String, String> environment, List<String> usageFaults)
      throws ConfigException {
    List<String> faults = new ArrayList<>(usageFaults);
    Map<Setting, Given> given = new HashMap<>();
    for (Setting setting : Settings.all()) {
      String variable = environment.get(setting.variable());
      if (flags.containsKey(setting)) {
        given.put(setting, new Given(setting.flag(), flags.get(setting)));
      } else if (variable != null && setting.group() != Group.IGNORED) {
        given.put(setting, new Given(setting.variable(), variable));
      }
    }
    Given file = given.get(Settings.CONFIG_FILE);
    if (file != null && !file.text().isEmpty()) {
      try {
        ConfigFile.read(path(file.text()), faults).forEach(given::putIfAbsent);
      } catch (IllegalArgumentException e) {
        faults.add(file.fault("a path"));
      }
    }
    ServerConfig config = new ConfigLoader(given, faults).config();
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return config;
  }

  private ServerConfig config() {
    ServerConfig.Observing observing = observing();
    ServerConfig.Clients clients = clients();
    ServerConfig.Tls tls =
        tls(Stream.concat(clients.listen().stream(), observing.metricsListen().stream()).toList());
    warnOfIgnored();
    return new ServerConfig(
        new ServerConfig.Member(
            values.text(Settings.NAME), values.read(Settings.DATA_DIR, ConfigLoader::path)),
        clients,
        tls,
        limits(),
        history(),
        new ServerConfig.EngineChoice(
            values.text(Settings.ENGINE_NAME), values.pairs(Settings.ENGINE_OPTION)),
        observing,
        List.copyOf(warnings));
  }

  private ServerConfig.Clients clients() {
    List<ListenUrl> listen = values.list(Settings.LISTEN_CLIENT_URLS, ListenUrl::parse);
    if (listen.isEmpty() && values.text(Settings.LISTEN_CLIENT_URLS).isBlank()) {
      values.fault(Settings.LISTEN_CLIENT_URLS, "at least one URL");
    }
    refuseTwice(Settings.LISTEN_CLIENT_URLS, listen);
    for (ListenUrl url : listen) {
      if (!url.tls() && !url.address().getAddress().isLoopbackAddress()) {
        warnings.add(
            "serving "
                + url.url(url.address().getPort())
                + " without TLS: whoever reaches this port can read and change everything");
      }
    }
    return new ServerConfig.Clients(
        listen,
        advertise(listen),
        values.number(Settings.MAX_CONNECTIONS, 1),
        values.number(Settings.MAX_CONCURRENT_STREAMS, 1),
        new ServerConfig.KeepAlive(
            values.read(Settings.KEEPALIVE_MIN_TIME, Units::duration),
            values.read(Settings.KEEPALIVE_INTERVAL, Units::duration),
            values.read(Settings.KEEPALIVE_TIMEOUT, ConfigLoader::positiveDuration)));
  }

  private List<String> advertise(List<ListenUrl> listen) {
    if (values.has(Settings.ADVERTISE_CLIENT_URLS)) {
      // They are not resolved: what clients can reach, this machine may not know.
      return values.list(
          Settings.ADVERTISE_CLIENT_URLS,
          text -> {
            if (!text.matches("https?://[^/@?#\\s]+:[0-9]{1,5}/?")) {
              throw new IllegalArgumentException("http://HOST:PORT or https://HOST:PORT");
            }
            return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
          });
    }
    if (listen.stream().anyMatch(url -> url.address().getPort() == 0)) {
      return List.of();
    }
    try {
      InetAddress thisMachine = InetAddress.getLocalHost();
      return listen.stream().map(url -> url.reachableUrl(thisMachine)).distinct().toList();
    } catch (UnknownHostException e) {
      values.fault(Settings.ADVERTISE_CLIENT_URLS, "to be given: this machine has no name");
      return List.of();
    }
  }

  private void refuseTwice(Setting setting, List<ListenUrl> listen) {
    Set<Object> seen = new HashSet<>();
    for (ListenUrl url : listen) {
      if (url.address().getPort() != 0 && !seen.add(url.address())) {
        values.fault(setting, "each address once");
      }
    }
  }

  private ServerConfig.@Nullable Tls tls(List<ListenUrl> listen) {
    boolean wanted = listen.stream().anyMatch(ListenUrl::tls);
    boolean authority = values.has(Settings.TRUSTED_CA_FILE);
    List<String> versions = versions();
    List<String> cipherSuites = values.list(Settings.CIPHER_SUITES, text -> text);
    for (Setting part : List.of(Settings.CERT_FILE, Settings.KEY_FILE)) {
      if (wanted && !values.has(part)) {
        values.fault(part, "a file, because a URL to listen on begins with https://");
      }
      if (!wanted && values.has(part)) {
        values.fault(part, "an https:// URL to listen on; as it is, nothing would speak TLS");
      }
    }
    if (values.toggle(Settings.CLIENT_CERT_AUTH) && !authority) {
      values.fault(Settings.CLIENT_CERT_AUTH, "--trusted-ca-file to be given too");
    }
    if (authority && !wanted) {
      values.fault(
          Settings.TRUSTED_CA_FILE, "an https:// URL to listen on; plaintext cannot be trusted");
    }
    if (!wanted || !values.has(Settings.CERT_FILE) || !values.has(Settings.KEY_FILE)) {
      return null;
    }
    return new ServerConfig.Tls(
        file(Settings.CERT_FILE),
        file(Settings.KEY_FILE),
        authority ? file(Settings.TRUSTED_CA_FILE) : null,
        versions,
        cipherSuites);
  }

  private List<String> versions() {
    Map<String, Integer> choices = new TreeMap<>(Map.of("TLS1.2", 2, "TLS1.3", 3));
    int least = values.choice(Settings.TLS_MIN_VERSION, choices);
    int most =
        values.has(Settings.TLS_MAX_VERSION) ? values.choice(Settings.TLS_MAX_VERSION, choices) : 3;
    if (least > most) {
      values.fault(Settings.TLS_MAX_VERSION, "at least --tls-min-version");
    }
    return Stream.of(3, 2)
        .filter(version -> version >= least && version <= most)
        .map(version -> "TLSv1." + version)
        .toList();
  }

  private ServerConfig.Limits limits() {
    int maxRequestBytes =
        values.read(
            Settings.MAX_REQUEST_BYTES,
            text -> {
              long bytes = Units.bytes(text);
              if (bytes < 1 || bytes > LARGEST_REQUEST) {
                throw new IllegalArgumentException("from 1 byte to 1GiB");
              }
              return (int) bytes;
            });
    long quota = values.read(Settings.QUOTA_BACKEND_BYTES, Units::bytes);
    return new ServerConfig.Limits(
        maxRequestBytes,
        values.number(Settings.MAX_TXN_OPS, 1),
        values.read(Settings.WRITE_LATENCY, ConfigLoader::positiveDuration),
        quota == 0 ? DEFAULT_QUOTA : quota);
  }

  private ServerConfig.History history() {
    Duration progress =
        values.read(
            Settings.WATCH_PROGRESS_NOTIFY_INTERVAL,
            text -> {
              Duration interval = Units.duration(text);
              if (interval.compareTo(Duration.ofMillis(100)) < 0) {
                throw new IllegalArgumentException("a duration of at least 100ms");
              }
              return interval;
            });
    long watchBytes =
        values.read(
            Settings.WATCH_HISTORY_BYTES,
            text -> {
              long bytes = Units.bytes(text);
              if (bytes < 1 << 20) {
                throw new IllegalArgumentException("at least 1MiB");
              }
              return bytes;
            });
    return new ServerConfig.History(progress, watchBytes, compaction());
  }

  private @Nullable AutoCompaction compaction() {
    boolean byTime =
        values.choice(
            Settings.AUTO_COMPACTION_MODE,
            new LinkedHashMap<>(Map.of("periodic", true, "revision", false)));
    if (byTime) {
      Duration retention =
          values.read(
              Settings.AUTO_COMPACTION_RETENTION,
              text ->
                  text.matches("[0-9]{1,6}")
                      ? Duration.ofHours(Long.parseLong(text))
                      : Units.duration(text));
      return retention.isZero() ? null : new AutoCompaction.Periodic(retention);
    }
    int retention = values.number(Settings.AUTO_COMPACTION_RETENTION, 0);
    return retention == 0 ? null : new AutoCompaction.Revisions(retention);
  }

  private ServerConfig.Observing observing() {
    List<ListenUrl> listen = values.list(Settings.LISTEN_METRICS_URLS, ListenUrl::parse);
    refuseTwice(Settings.LISTEN_METRICS_URLS, listen);
    Map<String, LogLevel> levels = new LinkedHashMap<>();
    levels.put("debug", LogLevel.DEBUG);
    levels.put("info", LogLevel.INFO);
    levels.put("warn", LogLevel.WARN);
    levels.put("error", LogLevel.ERROR);
    return new ServerConfig.Observing(
        listen,
        values.choice(Settings.METRICS, new TreeMap<>(Map.of("basic", false, "extensive", true))),
        values.choice(Settings.LOG_LEVEL, levels),
        values.choice(
            Settings.LOG_FORMAT,
            new TreeMap<>(Map.of("json", LogFormat.JSON, "console", LogFormat.CONSOLE))));
  }

  /** One server does not become a cluster because its flags speak of one: that must be refused. */
  private void warnOfIgnored() {
    if (values.text(Settings.INITIAL_CLUSTER).contains(",")) {
      values.fault(
          Settings.INITIAL_CLUSTER,
          "at most one member; servers with an embedded engine do not form a cluster");
    }
    for (Setting setting : Settings.all()) {
      Given value = values.given(setting);
      if (setting.group() == Group.IGNORED && value != null) {
        warnings.add(value.source() + ": " + setting.help());
      }
    }
  }

  /** Reads the path of a file that has no default. */
  private Path file(Setting setting) {
    try {
      return path(values.text(setting));
    } catch (IllegalArgumentException e) {
      values.fault(setting, "a path");
      return Path.of("");
    }
  }

  private static Path path(String text) {
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      // The expectation below says it all.
    }
    throw new IllegalArgumentException("a path");
  }

  private static Duration positiveDuration(String text) {
    Duration duration = Units.duration(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("a duration above 0");
    }
    return duration;
  }
}
