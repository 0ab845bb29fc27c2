// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this server shares its engine with others.
 *
 * @param election how the members agree on who leads
 * @param timing how fast they notice that a leader is gone
 * @param peers how they reach each other
 */
public record ClusterConfig(Election election, Timing timing, Peers peers) {

  /** How the members agree on who leads. */
  public sealed interface Election {
    /** By a record in the engine. */
    record ByEngine() implements Election {}

    /**
     * By a Lease of a Kubernetes cluster.
     *
     * @param namespace of the Lease
     * @param name of the Lease
     * @param kubeconfig file that says how to reach the cluster; null for the one this server runs
     *     in
     */
    record ByKubernetes(String namespace, String name, @Nullable Path kubeconfig)
        implements Election {}
  }

  /**
   * How fast a leader is followed by another; each is above 0.
   *
   * @param lease a leader that was not heard of for so long may be replaced
   * @param renewDeadline a leader that could not renew for so long steps down; below the lease
   * @param retry how long to wait between two attempts; below the renew deadline
   */
  public record Timing(Duration lease, Duration renewDeadline, Duration retry) {}

  /**
   * How the members reach each other.
   *
   * @param listen where to listen; at least one, all with TLS or none
   * @param advertise what other members are told; empty to tell them where it listens
   * @param tls how members speak TLS, with authorities; null if the places to listen are plaintext
   */
  public record Peers(
      List<ListenUrl> listen, List<String> advertise, ServerConfig.@Nullable Tls tls) {}
}
