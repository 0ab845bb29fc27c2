// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/*
 * A history of a store that keeps all rules, of any length: clients ask, the store does what they
 * ask one after another, they are answered, and watches are told, all at random times. Some clients
 * give up waiting; what they asked for is done later, or never.
 */
final class RandomHistory {
  private static final int NODES = 5;

  private static final class Client {
    String name;
    String node = "n1";
    long called;
    Request request = Request.Range.of(Span.ALL);
    Outcome outcome = new Outcome.Unknown();
    int stage;

    Client(String name) {
      this.name = name;
    }
  }

  private static final class Watcher {
    final List<Watch.Message> messages = new ArrayList<>();
    final String node;
    int told;

    Watcher(String node) {
      this.node = node;
    }
  }

  private final Random random;
  private final int keys;
  private final Model model = new Model();
  private final Map<String, Long> read = new HashMap<>();
  private final List<List<Event>> order = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final List<Request> pending = new ArrayList<>();
  private final List<Client> clients;
  private final List<Watcher> watchers;
  private long now = 1;
  private int names;
  private int values;

  private RandomHistory(long seed, int clients, int keys) {
    this.random = new Random(seed);
    this.keys = keys;
    this.clients = IntStream.range(0, clients).mapToObj(_ -> new Client("c" + names++)).toList();
    this.watchers = IntStream.range(0, NODES).mapToObj(i -> new Watcher("n" + i)).toList();
  }

  /** At least {@code operations} operations of {@code clients} clients on {@code keys} keys. */
  static History of(long seed, int operations, int clients, int keys) {
    RandomHistory history = new RandomHistory(seed, clients, keys);
    history.watchers.forEach(w -> w.messages.add(new Watch.Message.Created(history.now++, 1)));
    while (history.operations.size() < operations) {
      history.step();
    }
    history.clients.stream().filter(client -> client.stage == 2).forEach(history::end);
    history.watchers.forEach(watcher -> history.tell(watcher, Integer.MAX_VALUE));
    List<Watch> watches = new ArrayList<>();
    for (Watcher watcher : history.watchers) {
      watches.add(new Watch(watcher.node, Span.ALL, 1, true, watcher.messages));
    }
    return new History(history.operations, watches);
  }

  private long revision() {
    return order.size() + 1L;
  }

  private void step() {
    int choice = random.nextInt(10);
    if (choice == 0) {
      Watcher watcher = watchers.get(random.nextInt(watchers.size()));
      tell(watcher, 1 + random.nextInt(20));
      if (random.nextInt(4) == 0) {
        watcher.messages.add(new Watch.Message.Progress(now++, watcher.told + 1));
      }
    } else if (choice == 1 && !pending.isEmpty()) {
      execute(pending.remove(random.nextInt(pending.size())));
    } else {
      step(clients.get(random.nextInt(clients.size())));
    }
  }

  private void step(Client client) {
    switch (client.stage) {
      case 0 -> {
        client.request = request();
        client.node = "n" + random.nextInt(NODES);
        client.called = now++;
        client.stage = 1;
      }
      case 1 -> {
        if (random.nextInt(50) == 0) {
          if (client.request.writes() && random.nextBoolean()) {
            pending.add(client.request);
          }
          client.outcome = new Outcome.Unknown();
          end(client);
          client.name = "c" + names++;
        } else {
          client.outcome = execute(client.request);
          client.stage = 2;
        }
      }
      default -> end(client);
    }
  }

  private void end(Client client) {
    operations.add(
        new Operation(
            client.name, client.node, client.called, now++, client.request, client.outcome));
    client.stage = 0;
    if (client.outcome instanceof Outcome.Answered(long _, Result result)) {
      note(result);
    }
  }

  // Compares are about what somebody has read.
  private void note(Result result) {
    switch (result) {
      case Result.Rows rows ->
          rows.keyValues().forEach(row -> read.put(row.key(), row.modRevision()));
      case Result.Branch branch -> branch.results().forEach(this::note);
      default -> {}
    }
  }

  private Outcome execute(Request request) {
    if (request instanceof Request.Range range) {
      return new Outcome.Answered(revision(), model.rows(range));
    }
    Model.Execution execution = model.execute(request, revision() + 1);
    if (!execution.events().isEmpty()) {
      order.add(execution.events());
      execution.events().forEach(model::apply);
    }
    return new Outcome.Answered(revision(), execution.result());
  }

  private void tell(Watcher watcher, int most) {
    int until = (int) Math.min(order.size(), (long) watcher.told + most);
    if (until > watcher.told) {
      List<Event> events = new ArrayList<>();
      order.subList(watcher.told, until).forEach(events::addAll);
      watcher.told = until;
      watcher.messages.add(new Watch.Message.Events(now++, revision(), events));
    }
  }

  private String key() {
    return "k" + random.nextInt(keys);
  }

  private Request.Put put() {
    return new Request.Put(key(), "v" + values++, 0);
  }

  private Request request() {
    String key = key();
    long modRevision = read.getOrDefault(key, 0L);
    Request.Range get = Request.Range.of(Span.of(key));
    List<Request.Unchanged> unchanged = List.of(new Request.Unchanged(key, modRevision));
    return switch (random.nextInt(8)) {
      case 0, 1 -> put();
      case 2 -> new Request.Delete(Span.of(key));
      case 3, 4 ->
          new Request.Txn(
              unchanged, List.of(new Request.Put(key, "v" + values++, 0)), List.of(get));
      case 5 -> new Request.Txn(unchanged, List.of(new Request.Delete(Span.of(key))), List.of(get));
      case 6 -> new Request.Range(Span.prefix("k"), 0, 1 + random.nextInt(10), false);
      default -> get;
    };
  }
}
