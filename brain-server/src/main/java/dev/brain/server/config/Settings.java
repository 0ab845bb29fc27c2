// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import static dev.brain.server.config.Setting.Group.CLIENTS;
import static dev.brain.server.config.Setting.Group.ENGINE;
import static dev.brain.server.config.Setting.Group.HISTORY;
import static dev.brain.server.config.Setting.Group.LIMITS;
import static dev.brain.server.config.Setting.Group.MEMBER;
import static dev.brain.server.config.Setting.Group.OBSERVING;
import static dev.brain.server.config.Setting.Group.TLS;

import dev.brain.server.config.Setting.Group;
import dev.brain.server.config.Setting.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every setting there is: those of a server here, those of several members in {@link
 * ClusterSettings}, those that do nothing in {@link IgnoredSettings}. Names, defaults and meanings
 * are etcd's where etcd has the setting; the defaults that differ say so.
 */
public final class Settings {
  private static final List<Setting> TABLE = new ArrayList<>();

  static final Setting NAME = value(MEMBER, "name", "NAME", "default", "Name of this member.");
  static final Setting DATA_DIR =
      value(
          MEMBER,
          "data-dir",
          "DIR",
          "./data",
          "Directory that holds the data; created with mode 0700 if it does not exist.");
  static final Setting CONFIG_FILE =
      value(
          MEMBER,
          "config-file",
          "FILE",
          "",
          "YAML file with settings, by the names of the flags without the hyphens in front."
              + " Flags and environment variables win over it.");

  static final Setting LISTEN_CLIENT_URLS =
      value(
          CLIENTS,
          "listen-client-urls",
          "URLS",
          "http://localhost:2379",
          "Where to serve clients, by gRPC and HTTP on the same port; separated by commas."
              + " https:// serves with TLS.");
  static final Setting ADVERTISE_CLIENT_URLS =
      value(
          CLIENTS,
          "advertise-client-urls",
          "URLS",
          "",
          "Where clients reach this member, as it tells them. Default: --listen-client-urls, with"
              + " this machine's address for one that listens everywhere.");
  static final Setting MAX_CONNECTIONS =
      value(
          CLIENTS,
          "max-connections",
          "NUMBER",
          "10000",
          "Client connections at a time; one more is closed at once.");
  static final Setting MAX_CONCURRENT_STREAMS =
      value(
          CLIENTS,
          "max-concurrent-streams",
          "NUMBER",
          "10000",
          "Calls at a time on one connection; a client holds more of them back."
              + " (etcd: no bound)");
  static final Setting KEEPALIVE_MIN_TIME =
      value(
          CLIENTS,
          "grpc-keepalive-min-time",
          "DURATION",
          "5s",
          "A client that pings more often than this is sent away.");
  static final Setting KEEPALIVE_INTERVAL =
      value(
          CLIENTS,
          "grpc-keepalive-interval",
          "DURATION",
          "2h",
          "How long a connection may be silent until the server pings it; 0 never pings.");
  static final Setting KEEPALIVE_TIMEOUT =
      value(
          CLIENTS,
          "grpc-keepalive-timeout",
          "DURATION",
          "20s",
          "How long to wait for the answer to a ping before closing the connection.");

  static final Setting CERT_FILE =
      value(TLS, "cert-file", "FILE", "", "The server's certificate and its chain, in PEM.");
  static final Setting KEY_FILE =
      value(TLS, "key-file", "FILE", "", "The private key of that certificate, in PEM.");
  static final Setting TRUSTED_CA_FILE =
      value(
          TLS,
          "trusted-ca-file",
          "FILE",
          "",
          "Certificates of the authorities that sign the clients' certificates, in PEM. When given,"
              + " every client must have a certificate.");
  static final Setting CLIENT_CERT_AUTH =
      toggle(
          TLS,
          "client-cert-auth",
          "Require clients to have a certificate; needs --trusted-ca-file.");
  static final Setting TLS_MIN_VERSION =
      value(TLS, "tls-min-version", "VERSION", "TLS1.2", "Oldest version spoken: TLS1.2, TLS1.3.");
  static final Setting TLS_MAX_VERSION =
      value(TLS, "tls-max-version", "VERSION", "TLS1.3", "Newest version spoken: TLS1.2, TLS1.3.");
  static final Setting CIPHER_SUITES =
      value(
          TLS,
          "cipher-suites",
          "NAMES",
          "",
          "Cipher suites allowed, separated by commas. Default: those that HTTP/2 calls secure.");

  static final Setting MAX_REQUEST_BYTES =
      value(LIMITS, "max-request-bytes", "BYTES", "1572864", "Largest request that writes.");
  static final Setting MAX_TXN_OPS =
      value(LIMITS, "max-txn-ops", "NUMBER", "128", "Most operations in one transaction.");
  static final Setting WRITE_LATENCY =
      value(
          LIMITS,
          "write-latency",
          "DURATION",
          "250ms",
          "Latency of writes aimed at: while they take longer and more than 1,000 are under way,"
              + " more are refused as too many requests.");
  static final Setting QUOTA_BACKEND_BYTES =
      value(
          LIMITS,
          "quota-backend-bytes",
          "BYTES",
          "0",
          "Stored data above which writes are refused and the NOSPACE alarm is raised;"
              + " 0 means 2 GiB, a negative number no bound.");

  static final Setting WATCH_PROGRESS_NOTIFY_INTERVAL =
      value(
          HISTORY,
          "watch-progress-notify-interval",
          "DURATION",
          "5s",
          "How often a silent watch that asked for it is told the revision. (etcd: 10m)",
          "experimental-watch-progress-notify-interval");
  static final Setting WATCH_HISTORY_BYTES =
      value(
          HISTORY,
          "watch-history-bytes",
          "BYTES",
          "16MiB",
          "Recent events kept in memory for watches; older ones are read from the engine.");
  static final Setting AUTO_COMPACTION_MODE =
      value(
          HISTORY,
          "auto-compaction-mode",
          "MODE",
          "periodic",
          "What --auto-compaction-retention counts: periodic (time) or revision.");
  static final Setting AUTO_COMPACTION_RETENTION =
      value(
          HISTORY,
          "auto-compaction-retention",
          "AMOUNT",
          "0",
          "How much history to keep: a duration such as 30m (a bare number means hours), or a"
              + " number of revisions; 0 compacts only when a client asks.");

  static final Setting ENGINE_NAME =
      value(ENGINE, "engine", "NAME", "rocksdb", "Storage engine that holds the data.");
  static final Setting ENGINE_OPTION =
      add(
          new Setting(
              "engine-option",
              Kind.PAIRS,
              ENGINE,
              "NAME=VALUE",
              "",
              "A setting of the engine; may be given several times.",
              List.of()));

  static final Setting LISTEN_METRICS_URLS =
      value(
          OBSERVING,
          "listen-metrics-urls",
          "URLS",
          "",
          "More places to serve /metrics, /health, /livez, /readyz and /version; separated by"
              + " commas.");
  static final Setting METRICS =
      value(
          OBSERVING,
          "metrics",
          "LEVEL",
          "basic",
          "basic, or extensive: also how long each call took.");
  static final Setting LOG_LEVEL =
      value(OBSERVING, "log-level", "LEVEL", "info", "debug, info, warn or error.");
  static final Setting LOG_FORMAT =
      value(OBSERVING, "log-format", "FORMAT", "json", "json or console. Logs go to stderr.");

  private Settings() {}

  /** Every setting; those of one group in the order of the help. */
  public static List<Setting> all() {
    return Stream.of(TABLE, ClusterSettings.ALL, IgnoredSettings.ALL)
        .flatMap(List::stream)
        .toList();
  }

  private static Setting value(
      Group group, String name, String label, String defaultValue, String help, String... aliases) {
    return add(Setting.value(group, name, label, defaultValue, help, aliases));
  }

  private static Setting toggle(Group group, String name, String help) {
    return add(Setting.toggle(group, name, help));
  }

  private static Setting add(Setting setting) {
    TABLE.add(setting);
    return setting;
  }
}
