// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import dev.brain.server.config.Setting.Group;
import dev.brain.server.config.Setting.Kind;
import java.util.List;
import java.util.stream.Stream;

/** Settings of etcd that are taken, so that manifests made for it can be used, and do nothing. */
final class IgnoredSettings {
  private static final String MEMBERS = "members register themselves in the engine they share";

  static final Setting INITIAL_CLUSTER = ignored("initial-cluster", MEMBERS);
  static final Setting PEER_AUTO_TLS =
      ignored("peer-auto-tls", "certificates are never made up; see --peer-cert-file");
  static final Setting PEER_CERT_ALLOWED_CN =
      ignored("peer-cert-allowed-cn", "whoever has a certificate of --peer-trusted-ca-file may in");

  static final List<Setting> ALL =
      Stream.of(
              List.of(INITIAL_CLUSTER, PEER_AUTO_TLS, PEER_CERT_ALLOWED_CN),
              ignored(
                  List.of(
                      "initial-cluster-state", "initial-cluster-token", "strict-reconfig-check"),
                  MEMBERS),
              ignored(
                  List.of("peer-client-cert-auth"),
                  "over TLS members always show each other their certificates"),
              ignored(
                  List.of(
                      "pre-vote",
                      "heartbeat-interval",
                      "election-timeout",
                      "initial-election-tick-advance"),
                  "there is no raft; see --election-lease"),
              ignored(
                  List.of("snapshot-count", "max-snapshots", "max-wals"), "there is no raft log"),
              ignored(
                  List.of(
                      "backend-batch-interval",
                      "backend-batch-limit",
                      "backend-bbolt-freelist-type",
                      "experimental-compaction-batch-limit",
                      "compaction-batch-limit",
                      "experimental-bootstrap-defrag-threshold-megabytes",
                      "bootstrap-defrag-threshold-megabytes"),
                  "there is no bbolt file; see --engine-option"),
              ignored(
                  List.of(
                      "feature-gates",
                      "experimental-initial-corrupt-check",
                      "experimental-corrupt-check-time",
                      "corrupt-check-time",
                      "experimental-compact-hash-check-enabled",
                      "experimental-compact-hash-check-time",
                      "compact-hash-check-time",
                      "experimental-warning-apply-duration",
                      "warning-apply-duration",
                      "experimental-enable-lease-checkpoint",
                      "enable-grpc-gateway",
                      "enable-v2",
                      "logger",
                      "log-outputs"),
                  "Brain has nothing to set here"))
          .flatMap(List::stream)
          .toList();

  private IgnoredSettings() {}

  private static List<Setting> ignored(List<String> names, String why) {
    return names.stream().map(name -> ignored(name, why)).toList();
  }

  private static Setting ignored(String name, String why) {
    return new Setting(
        name, Kind.SWITCH, Group.IGNORED, "VALUE", "", "Ignored: " + why + ".", List.of());
  }
}
