// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.abuse;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.Requests;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;

/**
 * Many writers at once; each writes a new key as soon as the last one is answered, refused or not.
 * Thread-safe.
 */
final class Flood implements AutoCloseable {
  private final List<Client> clients = new ArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Phaser writers = new Phaser(1);
  private final String value;
  private volatile boolean ended;

  /** Connects. */
  Flood(int port, int connections, int valueBytes) {
    for (int i = 0; i < connections; i++) {
      clients.add(Client.to(port));
    }
    value = "v".repeat(valueBytes);
  }

  /** Starts so many writers. */
  void start(int count) {
    writers.bulkRegister(count);
    for (int i = 0; i < count; i++) {
      write(clients.get(i % clients.size()), "flood/%05d/".formatted(i), 0);
    }
  }

  private void write(Client client, String prefix, int number) {
    if (ended) {
      writers.arriveAndDeregister();
      return;
    }
    String key = prefix + number;
    CompletableFuture<Void> _ =
        client
            .callLater(Requests.put(key, value))
            .thenAccept(
                answer -> {
                  answers.put(key, answer);
                  write(client, prefix, number + 1);
                });
  }

  /** Ends all writers and waits for their answers. */
  Map<String, Answer> end() {
    ended = true;
    writers.arriveAndAwaitAdvance();
    return answers;
  }

  /** How many keys have an answer of this kind now. */
  long count(Status.Code code) {
    return answers.values().stream().filter(answer -> answer.code() == code).count();
  }

  @Override
  public void close() {
    clients.forEach(Client::close);
  }
}
