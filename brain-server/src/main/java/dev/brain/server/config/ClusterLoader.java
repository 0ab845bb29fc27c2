// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import dev.brain.server.config.ClusterConfig.Election;
import dev.brain.server.config.ClusterConfig.Peers;
import dev.brain.server.config.ClusterConfig.Timing;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how the server shares its engine with others. Not thread-safe. */
final class ClusterLoader {
  /** The engine that many processes may open at once. */
  private static final String SHARED_ENGINE = "tikv";

  /** Engines whose data one process has for itself. */
  private static final Set<String> OWN_ENGINES = Set.of("rocksdb", "memory");

  private enum Kind {
    NONE,
    ENGINE,
    KUBERNETES
  }

  private final Values values;
  private final List<String> warnings;

  ClusterLoader(Values values, List<String> warnings) {
    this.values = values;
    this.warnings = warnings;
  }

  /** The cluster, or null if this server serves alone. */
  @Nullable ClusterConfig cluster(UrlLoader urls, TlsLoader tls) {
    String engine = values.text(Settings.ENGINE_NAME);
    Kind kind = kind(engine);
    if (kind == Kind.NONE) {
      warnOfUnused("this server has no peers, see --election");
      return null;
    }
    if (OWN_ENGINES.contains(engine)) {
      warnings.add(
          "the engine "
              + engine
              + " belongs to this process alone: no other member can share it, whatever --election"
              + " says");
    }
    return new ClusterConfig(election(kind), timing(), peers(urls, tls));
  }

  private Kind kind(String engine) {
    boolean shared = engine.equals(SHARED_ENGINE);
    if (!values.has(ClusterSettings.ELECTION)) {
      return shared ? Kind.ENGINE : Kind.NONE;
    }
    Map<String, Kind> choices = new LinkedHashMap<>();
    choices.put("none", Kind.NONE);
    choices.put("engine", Kind.ENGINE);
    choices.put("kubernetes", Kind.KUBERNETES);
    Kind kind = values.choice(ClusterSettings.ELECTION, choices, Kind.NONE);
    if (shared && kind == Kind.NONE) {
      warnings.add(
          "--election=none with --engine=tikv: a server that starts takes over from every other"
              + " one over the same data at once");
    }
    return kind;
  }

  private Election election(Kind kind) {
    if (kind == Kind.KUBERNETES) {
      return new Election.ByKubernetes(
          kubernetesName(ClusterSettings.ELECTION_KUBERNETES_NAMESPACE),
          kubernetesName(ClusterSettings.ELECTION_KUBERNETES_NAME),
          values.has(ClusterSettings.ELECTION_KUBECONFIG)
              ? values.file(ClusterSettings.ELECTION_KUBECONFIG)
              : null);
    }
    warnOfUnused(
        "the election is not that of Kubernetes",
        ClusterSettings.ELECTION_KUBERNETES_NAMESPACE,
        ClusterSettings.ELECTION_KUBERNETES_NAME,
        ClusterSettings.ELECTION_KUBECONFIG);
    return new Election.ByEngine();
  }

  private String kubernetesName(Setting setting) {
    String name = values.text(setting);
    if (!name.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")) {
      values.fault(setting, "a name of Kubernetes, because --election is kubernetes");
    }
    return name;
  }

  private Timing timing() {
    Duration lease = values.read(ClusterSettings.ELECTION_LEASE, Units::positiveDuration);
    Duration deadline =
        values.read(ClusterSettings.ELECTION_RENEW_DEADLINE, Units::positiveDuration);
    Duration retry = values.read(ClusterSettings.ELECTION_RETRY, Units::positiveDuration);
    requireBelow(
        ClusterSettings.ELECTION_RENEW_DEADLINE, deadline, ClusterSettings.ELECTION_LEASE, lease);
    requireBelow(
        ClusterSettings.ELECTION_RETRY, retry, ClusterSettings.ELECTION_RENEW_DEADLINE, deadline);
    return new Timing(lease, deadline, retry);
  }

  private void requireBelow(Setting setting, Duration value, Setting above, Duration bound) {
    if (value.compareTo(bound) >= 0) {
      values.fault(setting, "less than " + above.flag() + ", " + values.text(above));
    }
  }

  private Peers peers(UrlLoader urls, TlsLoader tls) {
    List<ListenUrl> listen = urls.listenSomewhere(ClusterSettings.LISTEN_PEER_URLS);
    for (String open : UrlLoader.open(listen)) {
      warnings.add(
          "serving peers at "
              + open
              + " without TLS: whoever reaches this port can read and change everything");
    }
    List<String> advertise = urls.advertise(ClusterSettings.INITIAL_ADVERTISE_PEER_URLS, listen);
    if (!values.has(ClusterSettings.INITIAL_ADVERTISE_PEER_URLS)
        && listen.stream().anyMatch(url -> url.address().getAddress().isLoopbackAddress())) {
      warnings.add(
          "--initial-advertise-peer-urls: "
              + String.join(",", advertise)
              + ": members on other machines cannot reach this one");
    }
    String scheme = listen.stream().anyMatch(ListenUrl::tls) ? "https://" : "http://";
    if (!listen.isEmpty() && !advertise.stream().allMatch(url -> url.startsWith(scheme))) {
      values.fault(
          ClusterSettings.INITIAL_ADVERTISE_PEER_URLS, scheme + " as in --listen-peer-urls");
    }
    refuse(IgnoredSettings.PEER_AUTO_TLS, "--peer-cert-file and the files that go with it");
    refuse(
        IgnoredSettings.PEER_CERT_ALLOWED_CN,
        "none; whoever has a certificate of --peer-trusted-ca-file is let in");
    return new Peers(listen, advertise, tls.peers(listen));
  }

  /** What would protect the peer port must not be ignored where there is one. */
  private void refuse(Setting setting, String expected) {
    Given value = values.given(setting);
    if (value != null && !value.text().equals("false") && !value.text().isEmpty()) {
      values.fault(setting, expected);
    }
  }

  private void warnOfUnused(String why, Setting... settings) {
    for (Setting setting : settings) {
      Given value = values.given(setting);
      if (value != null) {
        warnings.add(value.source() + ": not used: " + why);
      }
    }
  }

  private void warnOfUnused(String why) {
    warnOfUnused(
        why,
        ClusterSettings.ALL.stream()
            .filter(setting -> !setting.equals(ClusterSettings.ELECTION))
            .toArray(Setting[]::new));
  }
}
