// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import dev.brain.election.ElectionTimes;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an API server: only by what the user named, or else by the service account of the
 * pod that this process runs in.
 */
final class ClientConfig {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /** A request may take this share of the time in which a renewal must succeed. */
  private static final int REQUESTS_PER_DEADLINE = 2;

  private ClientConfig() {}

  /**
   * The configuration of a client.
   *
   * @param kubeconfig a file, or null for the cluster that this process runs in
   * @param environment the variables of this process
   * @throws IllegalArgumentException if there is none; the message is one line for the user
   */
  static Config of(
      @Nullable Path kubeconfig, Map<String, String> environment, ElectionTimes times) {
    Config found =
        kubeconfig == null ? inCluster(environment, SERVICE_ACCOUNT) : fromFile(kubeconfig);
    int timeout = (int) times.renewDeadline().dividedBy(REQUESTS_PER_DEADLINE).toMillis();
    return new ConfigBuilder(found)
        .withConnectionTimeout(timeout)
        .withRequestTimeout(timeout)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private static Config fromFile(Path kubeconfig) {
    if (!Files.isReadable(kubeconfig)) {
      throw new IllegalArgumentException(
          "election kubeconfig: " + kubeconfig + " (expected: a file that can be read)");
    }
    Config config;
    try {
      config = Config.fromKubeconfig(kubeconfig.toFile());
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "election kubeconfig: " + kubeconfig + " (expected: a kubeconfig in YAML)", e);
    }
    if (config.getCurrentContext() == null) {
      throw new IllegalArgumentException(
          "election kubeconfig: " + kubeconfig + " (expected: a current-context that is in it)");
    }
    return config;
  }

  /** The way that every pod has; see "Accessing the Kubernetes API from a Pod" in its docs. */
  static Config inCluster(Map<String, String> environment, Path serviceAccount) {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    Path token = serviceAccount.resolve("token");
    if (host == null || !Files.isReadable(token)) {
      throw new IllegalArgumentException(
          "election kubeconfig: none, and this process does not run in a pod with a service"
              + " account (expected: a kubeconfig file, or KUBERNETES_SERVICE_HOST and "
              + token
              + ")");
    }
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
        .withCaCertFile(serviceAccount.resolve("ca.crt").toString())
        .withOauthTokenProvider(() -> read(token))
        .build();
  }

  /** Read for each request, because the kubelet replaces it before it expires. */
  private static String read(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
