// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import dev.brain.election.KubernetesLease;
import dev.brain.election.LeaderRecordStore;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** An API server that keeps objects, and answers otherwise where a test says so. */
final class MockCluster implements AutoCloseable {
  static final KubernetesLease LEASE = new KubernetesLease("storage", "brain", null);
  static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/storage/leases";
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456Z");

  final KubernetesMockServer server;
  private final List<KubernetesClient> clients = new ArrayList<>();

  MockCluster() {
    Map<ServerRequest, Queue<ServerResponse>> planned = new HashMap<>();
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            planned,
            new KubernetesMixedDispatcher(planned),
            false);
    server.init();
  }

  KubernetesClient client() {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.url("/"))
            .withRequestTimeout((int) Duration.ofSeconds(30).toMillis())
            .withRequestRetryBackoffLimit(0)
            .build();
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    clients.add(client);
    return client;
  }

  LeaderRecordStore store() {
    return new KubernetesRecordStore(client(), LEASE, Duration.ofSeconds(6), () -> NOW);
  }

  @Override
  public void close() {
    clients.forEach(KubernetesClient::close);
    server.destroy();
  }
}
