// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.process.Ports;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.engine.tikv.emulator.EmulatorHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes over one emulator of PD and TiKV, each process by itself. Every link of a node to the
 * engine and from other nodes goes through a proxy of its own, so that it can be cut while others
 * are not. The times of the election are shorter than the defaults, in the same proportion.
 */
final class TikvCluster extends Cluster {
  /** How many stores the engine has. */
  static final int STORES = 3;

  private final EmulatorHandle emulator;
  private final Map<Node, Links> links;

  private TikvCluster(EmulatorHandle emulator, Map<Node, Links> links, List<Node> nodes) {
    super(nodes);
    this.emulator = emulator;
    this.links = links;
  }

  /** {@code count} nodes, which keep their logs below {@code directory}. */
  static TikvCluster of(Path directory, int count) {
    EmulatorHandle emulator = EmulatorHandle.start(STORES, directory.resolve("emulator.log"));
    Map<Node, Links> links = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int peerPort = Ports.free();
      Links own = new Links(engineLinks(emulator, i), TcpProxy.of("127.0.0.1:" + peerPort));
      String name = "n" + (i + 1);
      Node node = new Node(name, server(directory.resolve(name), name, own, peerPort));
      links.put(node, own);
      nodes.add(node);
    }
    return new TikvCluster(emulator, links, nodes);
  }

  private static List<TcpProxy> engineLinks(EmulatorHandle emulator, int front) {
    List<String> addresses = emulator.openFront();
    List<TcpProxy> proxies = addresses.stream().map(TcpProxy::of).toList();
    // The first front, 0, is nobody's.
    String advertise = "advertise " + (front + 1) + " ";
    emulator.execute(advertise + "pd " + proxies.getFirst().address());
    for (int store = 1; store <= STORES; store++) {
      emulator.execute(advertise + store + " " + proxies.get(store).address());
    }
    return proxies;
  }

  private static Server server(Path directory, String name, Links links, int peerPort) {
    return Server.of(
        Program.BRAIN,
        directory,
        "--name=" + name,
        "--engine=tikv",
        "--engine-option=pd-endpoints=" + links.engine().getFirst().address(),
        // Shorter than a cut, so that commits have an outcome that nobody knows for a while.
        "--engine-option=request-timeout=2500ms",
        "--election=engine",
        "--election-lease=3s",
        "--election-renew-deadline=2s",
        "--election-retry=400ms",
        "--listen-peer-urls=http://127.0.0.1:" + peerPort,
        "--initial-advertise-peer-urls=http://" + links.peers().address());
  }

  /** The links of a node. */
  Links links(Node node) {
    Links found = links.get(node);
    if (found == null) {
      throw new IllegalArgumentException(node + " is no node of this cluster");
    }
    return found;
  }

  @Override
  List<Fault> faults() {
    List<Fault> faults = new ArrayList<>(super.faults());
    faults.addAll(LinkFaults.all(this));
    faults.addAll(EngineFaults.all(emulator));
    return faults;
  }

  @Override
  public void close() {
    super.close();
    links.values().forEach(Links::close);
    emulator.close();
  }
}
