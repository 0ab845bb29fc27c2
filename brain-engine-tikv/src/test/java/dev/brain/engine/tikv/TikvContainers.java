// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** A placement driver and a store, each in a container. */
final class TikvContainers implements AutoCloseable {
  /** How the placement driver calls itself. */
  static final String PD = "pd0:2379";

  private static final String STORE = "tikv0:20160";
  private static final String VERSION = "v8.5.3";

  private final Network network = Network.newNetwork();
  private final GenericContainer<?> pd;
  private final GenericContainer<?> store;

  /** Starts both; whether the cluster is ready for requests is for its first user to find out. */
  TikvContainers() {
    pd =
        new GenericContainer<>("pingcap/pd:" + VERSION)
            .withNetwork(network)
            .withNetworkAliases("pd0")
            .withExposedPorts(2379)
            .withCommand(
                "--name=pd0",
                "--data-dir=/data",
                "--client-urls=http://0.0.0.0:2379",
                "--advertise-client-urls=http://" + PD,
                "--peer-urls=http://0.0.0.0:2380",
                "--advertise-peer-urls=http://pd0:2380",
                "--initial-cluster=pd0=http://pd0:2380")
            .waitingFor(Wait.forHttp("/pd/api/v1/health").forPort(2379));
    store =
        new GenericContainer<>("pingcap/tikv:" + VERSION)
            .withNetwork(network)
            .withNetworkAliases("tikv0")
            .withExposedPorts(20160)
            .dependsOn(pd)
            .withCommand(
                "--addr=0.0.0.0:20160",
                "--advertise-addr=" + STORE,
                "--pd=" + PD,
                "--data-dir=/data")
            .waitingFor(Wait.forListeningPort());
    store.start();
  }

  /** Where to find a server that calls itself so. */
  String reachable(String address) {
    return switch (address) {
      case PD -> pd.getHost() + ":" + pd.getMappedPort(2379);
      case STORE -> store.getHost() + ":" + store.getMappedPort(20160);
      default -> address;
    };
  }

  @Override
  public void close() {
    store.close();
    pd.close();
    network.close();
  }
}
