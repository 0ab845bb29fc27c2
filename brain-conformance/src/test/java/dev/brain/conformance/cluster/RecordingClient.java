// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.KeepAliveStream;
import dev.brain.conformance.history.Operation;
import dev.brain.conformance.history.Outcome;
import dev.brain.conformance.history.Request;
import dev.brain.conformance.history.Result;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A client that makes one request at a time, retries nothing, and records each. After one whose
 * outcome it does not know it goes on under a new name. For one thread.
 */
final class RecordingClient implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private final String name;
  private final Recorder recorder;
  private final Map<Node, Client> connections = new HashMap<>();
  private int unknown;
  private boolean unreachable;

  RecordingClient(String name, Recorder recorder) {
    this.name = name;
    this.recorder = recorder;
  }

  /** Makes a request of a node and records it. */
  Outcome call(Node node, Request request) {
    long called = recorder.now();
    Answer answer;
    if (request instanceof Request.KeepAlive(long lease)) {
      answer = keepAlive(client(node), lease);
    } else {
      answer = client(node).call(Wire.call(request));
    }
    Outcome outcome =
        answer.message() instanceof LeaseKeepAliveResponse renewed
            ? new Outcome.Answered(
                renewed.getHeader().getRevision(), new Result.Renewed(renewed.getTTL()))
            : Wire.outcome(answer);
    long returned = Math.max(called + 1, recorder.now());
    recorder.add(
        new Operation(name + "/" + unknown, node.name(), called, returned, request, outcome));
    if (outcome instanceof Outcome.Unknown) {
      unknown++;
    }
    unreachable = Wire.unreachable(answer);
    if (unreachable) {
      client(node).reconnect();
    }
    return outcome;
  }

  /** Whether the last call found nobody. */
  boolean unreachable() {
    return unreachable;
  }

  private Client client(Node node) {
    return connections.computeIfAbsent(node, _ -> Client.to(node.server().port(), DEADLINE));
  }

  private static Answer keepAlive(Client client, long lease) {
    try (KeepAliveStream stream = new KeepAliveStream(client.channel(), DEADLINE)) {
      stream.send(lease);
      return stream.next();
    }
  }

  @Override
  public void close() {
    connections.values().forEach(Client::close);
    connections.clear();
  }
}
