// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.conformance.client.Client;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data directory with one damaged file gives exactly the data that were answered, or a clear
 * refusal: to start, or to read. {@code -Dconformance.damages=N} sets how many are tried.
 */
class DamageTest {
  private static final int DAMAGES = Integer.getInteger("conformance.damages", 40);
  private static final int WRITES = 1_500;

  @TempDir Path directory;

  @Test
  void data_afterDamage_areExactOrRefused() {
    assumeTrue(Subject.program() == Program.BRAIN, "what etcd does with damage is its own affair");
    long seed = Long.getLong("conformance.seed", 1);
    System.out.println("damage: seed " + seed + ", " + DAMAGES + " damages");
    Random random = new Random(seed);
    Path whole = directory.resolve("whole");
    Truth truth = build(whole);
    Map<String, Integer> outcomes = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < DAMAGES; i++) {
      Path place = directory.resolve("damaged" + i);
      try (Server server = Server.of(Subject.program(), place)) {
        assertThat(place.toFile().mkdirs()).isTrue();
        Damage.copy(whole.resolve("data"), server.data());
        String damage = Damage.of(server.data(), random);
        String outcome = outcome(server, truth);
        outcomes.merge(outcome, 1, Integer::sum);
        if (outcome.startsWith("wrong")) {
          wrong.add(damage + ": " + outcome + "\n" + server.output());
        }
        server.kill();
        Damage.delete(server.data());
      }
    }
    System.out.println("damage: " + outcomes);
    assertThat(wrong).isEmpty();
  }

  /**
   * What must be found.
   *
   * @param history what the undamaged data hold; its end may be writes that the kill left
   *     unanswered
   * @param promised the last revision that a client was told of
   */
  private record Truth(History history, long promised) {
    boolean allows(History found) {
      return found.revision() >= promised
          && found.events().equals(history.events().headMap(found.revision(), true));
    }
  }

  // Both what was recovered at a start and what is still only in the log of the last one.
  private static Truth build(Path place) {
    try (Server server = Server.of(Subject.program(), place)) {
      Recording recording = new Recording();
      long watched = 1;
      for (int i = 0; i < 2; i++) {
        server.start();
        Load load = Load.start(server.port(), recording, 100 + i, watched + 1);
        load.awaitAnswers(WRITES);
        if (i == 0) {
          server.stop();
        } else {
          server.kill();
        }
        load.awaitEnd();
        watched = load.watchedRevision();
      }
      // A start would flush what only the log has, so that the truth is read from a copy.
      Path copied = place.resolve("copy");
      try (Server copy = Server.of(Subject.program(), copied)) {
        assertThat(copied.toFile().mkdirs()).isTrue();
        Damage.copy(server.data(), copy.data());
        copy.start();
        try (Client client = Client.to(copy.port())) {
          History history = History.read(client);
          assertThat(recording.faults(history)).isEmpty();
          return new Truth(history, recording.lastPromised());
        }
      }
    }
  }

  private static String outcome(Server server, Truth truth) {
    try {
      server.start();
    } catch (RuntimeException _) {
      return server.output().isBlank() ? "wrong: refused without a word" : "refused to start";
    }
    try (Client client = Client.to(server.port())) {
      History history = History.read(client);
      if (history.equals(truth.history())) {
        return "exact";
      }
      if (truth.allows(history)) {
        return "exact but for writes that nobody was told of";
      }
      return "wrong: " + history.revision() + " instead of " + truth.history().revision();
    } catch (IllegalStateException e) {
      return "refused to read";
    }
  }
}
