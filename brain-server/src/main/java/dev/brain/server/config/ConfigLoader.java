// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import dev.brain.server.config.ServerConfig.AutoCompaction;
import dev.brain.server.config.ServerConfig.LogFormat;
import dev.brain.server.config.ServerConfig.LogLevel;
import dev.brain.server.config.Setting.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        ConfigFile.read(Values.path(file.text()), faults).forEach(given::putIfAbsent);
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
    UrlLoader urls = new UrlLoader(values);
    TlsLoader tls = new TlsLoader(values);
    ServerConfig.Observing observing = observing(urls);
    ServerConfig.Clients clients = clients(urls);
    ServerConfig.Tls clientTls =
        tls.clients(
            Stream.concat(clients.listen().stream(), observing.metricsListen().stream()).toList());
    ClusterConfig cluster = new ClusterLoader(values, warnings).cluster(urls, tls);
    warnOfIgnored(cluster);
    return new ServerConfig(
        new ServerConfig.Member(
            values.text(Settings.NAME), values.read(Settings.DATA_DIR, Values::path)),
        clients,
        clientTls,
        limits(),
        history(),
        new ServerConfig.EngineChoice(
            values.text(Settings.ENGINE_NAME), values.pairs(Settings.ENGINE_OPTION)),
        cluster,
        observing,
        List.copyOf(warnings));
  }

  private ServerConfig.Clients clients(UrlLoader urls) {
    List<ListenUrl> listen = urls.listenSomewhere(Settings.LISTEN_CLIENT_URLS);
    for (String open : UrlLoader.open(listen)) {
      warnings.add(
          "serving "
              + open
              + " without TLS: whoever reaches this port can read and change everything");
    }
    return new ServerConfig.Clients(
        listen,
        urls.advertise(Settings.ADVERTISE_CLIENT_URLS, listen),
        values.number(Settings.MAX_CONNECTIONS, 1),
        values.number(Settings.MAX_CONCURRENT_STREAMS, 1),
        new ServerConfig.KeepAlive(
            values.read(Settings.KEEPALIVE_MIN_TIME, Units::duration),
            values.read(Settings.KEEPALIVE_INTERVAL, Units::duration),
            values.read(Settings.KEEPALIVE_TIMEOUT, Units::positiveDuration)));
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
        values.read(Settings.WRITE_LATENCY, Units::positiveDuration),
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

  private ServerConfig.Observing observing(UrlLoader urls) {
    List<ListenUrl> listen = urls.listen(Settings.LISTEN_METRICS_URLS);
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
  private void warnOfIgnored(@Nullable ClusterConfig cluster) {
    if (cluster == null && values.text(IgnoredSettings.INITIAL_CLUSTER).contains(",")) {
      values.fault(
          IgnoredSettings.INITIAL_CLUSTER,
          "at most one member; several need an engine that they share and an --election");
    }
    for (Setting setting : IgnoredSettings.ALL) {
      Given value = values.given(setting);
      if (value != null) {
        warnings.add(value.source() + ": " + setting.help());
      }
    }
  }
}
