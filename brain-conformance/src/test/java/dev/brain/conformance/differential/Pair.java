// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A fresh real etcd and a fresh Brain that get the same requests one after the other, and the
 * differences found so far. For one thread.
 */
final class Pair implements AutoCloseable {
  final Side etcd;
  final Side brain;
  private final Explained explained;
  private final List<Difference> differences = new ArrayList<>();
  private final Map<String, Integer> kinds = new TreeMap<>();

  private Pair(Side etcd, Side brain, Explained explained) {
    this.etcd = etcd;
    this.brain = brain;
    this.explained = explained;
  }

  /** Starts both in directories below {@code directory}. */
  static Pair start(Path directory, Explained explained) {
    return start(directory, Program.BRAIN, explained);
  }

  /** Starts an etcd and, in the place of Brain, a {@code subject}. */
  static Pair start(Path directory, Program subject, Explained explained) {
    Side etcd = new Side(Server.started(Program.ETCD, directory.resolve("etcd")));
    try {
      Side brain = new Side(Server.started(subject, directory.resolve("brain")));
      return new Pair(etcd, brain, explained);
    } catch (RuntimeException e) {
      etcd.close();
      throw e;
    }
  }

  /** Sends a call to both, compares the answers and returns etcd's. */
  Answer call(String where, Call<?, ?> call) {
    CompletableFuture<Answer> right = brain.client.callLater(call);
    Answer left = etcd.client.call(call);
    compare(where, left, Client.await(right));
    return left;
  }

  /** Renews a lease on both and compares the answers. */
  void keepAlive(String where, long lease) {
    brain.keepAlive.send(lease);
    etcd.keepAlive.send(lease);
    compare(where, etcd.keepAlive.next(), brain.keepAlive.next());
  }

  /** Fails when one of the two has ended: equal errors of dead servers would prove nothing. */
  void requireAlive(String where) {
    for (Side side : List.of(etcd, brain)) {
      if (!side.server.alive()) {
        throw new IllegalStateException(
            where + ": " + side.server.program() + " has ended\n" + side.server.output());
      }
    }
  }

  /** Notes where two answers differ without a reason. */
  void compare(String where, Answer left, Answer right) {
    count(left.message() == null ? left.status() : left.message().getClass().getSimpleName());
    note(Comparison.of(where, left, right));
  }

  /** Counts one more thing of a kind that was compared. */
  void count(String kind) {
    kinds.merge(kind, 1, Integer::sum);
  }

  /** How many things of which kind were compared. */
  Map<String, Integer> kinds() {
    return kinds;
  }

  /** Notes differences that have no reason. */
  void note(List<Difference> found) {
    differences.addAll(explained.unexplained(found));
  }

  /** The differences that no rule explains. */
  List<Difference> differences() {
    return differences;
  }

  @Override
  public void close() {
    etcd.close();
    brain.close();
  }
}
