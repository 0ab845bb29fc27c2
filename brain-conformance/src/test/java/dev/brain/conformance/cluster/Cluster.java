// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.MoveLeaderRequest;
import dev.brain.proto.etcdserverpb.StatusRequest;
import dev.brain.proto.etcdserverpb.StatusResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Nodes that serve the same data. Not thread-safe. It ends with {@link #close()}. */
class Cluster implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration STATUS = Duration.ofSeconds(1);

  private final List<Node> nodes;

  Cluster(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** One node over an engine of its own. */
  static Cluster single(Path directory) {
    return new Cluster(List.of(new Node("n1", Server.of(Program.BRAIN, directory))));
  }

  /** All nodes, running or not. */
  List<Node> nodes() {
    return nodes;
  }

  /** Starts every node, and returns when one of them leads. */
  void start() {
    nodes.forEach(node -> node.server().launch());
    nodes.forEach(Cluster::start);
    Awaitility.await("a leader")
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> leader().isPresent());
  }

  /**
   * Starts a node, and returns when it listens. One that ends before is started again, as whoever
   * watches over it would do: it ends when it does not reach its engine in time.
   */
  static void start(Node node) {
    Server server = node.server();
    Awaitility.await(node.name() + " to listen")
        .atMost(START)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!server.alive()) {
                server.launch();
              }
              return server.listens();
            });
  }

  /** The node that says that it leads; empty if none does, or more than one. */
  Optional<Node> leader() {
    List<Node> leaders = nodes.stream().filter(Cluster::leads).toList();
    return leaders.size() == 1 ? Optional.of(leaders.getFirst()) : Optional.empty();
  }

  /** Asks the leader to hand over to a node, or to another one if that leads already. */
  void moveLeader(Node wanted) {
    Node leader = leader().orElse(wanted);
    Node target =
        leader.equals(wanted) ? nodes.get((nodes.indexOf(wanted) + 1) % nodes.size()) : wanted;
    long id = status(target).map(status -> status.getHeader().getMemberId()).orElse(0L);
    try (Client client = Client.to(leader.server().port())) {
      Answer _ =
          client.call(
              Call.of(
                  MaintenanceGrpc.getMoveLeaderMethod(),
                  MoveLeaderRequest.newBuilder().setTargetID(id).build()));
    }
  }

  /** What can befall it, kind by kind. */
  List<Fault> faults() {
    return ProcessFaults.all(this);
  }

  @Override
  public void close() {
    for (Node node : nodes) {
      node.server().close();
    }
  }

  private static boolean leads(Node node) {
    return status(node)
        .filter(status -> status.getLeader() == status.getHeader().getMemberId())
        .isPresent();
  }

  private static Optional<StatusResponse> status(Node node) {
    if (!node.server().alive()) {
      return Optional.empty();
    }
    try (Client client = Client.to(node.server().port(), STATUS)) {
      Answer answer =
          client.call(
              Call.of(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance()));
      return answer.message() instanceof StatusResponse status
          ? Optional.of(status)
          : Optional.empty();
    }
  }
}
