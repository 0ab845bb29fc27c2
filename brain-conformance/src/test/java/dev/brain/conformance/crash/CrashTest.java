// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.conformance.client.Client;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is killed under load, with and without the loss of what it has not synced, and is
 * started again, many times on the same data. {@code -Dconformance.cycles=N} sets how often.
 */
class CrashTest {
  private static final int CYCLES = Integer.getInteger("conformance.cycles", 30);
  private static final int MOST_ANSWERS = 2_000;

  @TempDir Path directory;

  @Test
  void history_afterPowerCuts_keepsItsPromises() {
    long seed = Long.getLong("conformance.seed", 1);
    System.out.println("crash: seed " + seed + ", " + CYCLES + " power cuts");
    try (Disk disk = Disk.create(directory);
        Server server = Server.of(Subject.program(), disk.path())) {
      assertThat(crash(server, disk::losePower, CYCLES, seed)).isEmpty();
    }
  }

  @Test
  void history_afterKills_keepsItsPromises() {
    try (Server server = Server.of(Subject.program(), directory)) {
      assertThat(crash(server, () -> {}, Math.max(1, CYCLES / 6), 2)).isEmpty();
    }
  }

  /** What this test is worth: it sees the fault of a server that does not sync. */
  @Test
  void history_ofAnEtcdThatDoesNotSync_losesWrites() {
    try (Disk disk = Disk.create(directory);
        Server server = Server.of(Program.ETCD, disk.path(), "--unsafe-no-fsync")) {
      assertThatThrownBy(() -> assertThat(crash(server, disk::losePower, 3, 3)).isEmpty())
          .as("lost writes, or an etcd that cannot start")
          .isInstanceOfAny(AssertionError.class, IllegalStateException.class);
    }
  }

  private static List<String> crash(Server server, Runnable afterKill, int cycles, long seed) {
    Recording recording = new Recording();
    Random random = new Random(seed);
    List<String> faults = new ArrayList<>();
    long watched = 1;
    for (int cycle = 0; cycle < cycles && faults.isEmpty(); cycle++) {
      server.start();
      try (Client client = Client.to(server.port())) {
        faults.addAll(recording.faults(History.read(client)));
      }
      Load load = Load.start(server.port(), recording, seed * 1_000 + cycle, watched + 1);
      load.awaitAnswers(1 + random.nextInt(MOST_ANSWERS));
      server.kill();
      afterKill.run();
      load.awaitEnd();
      watched = Math.max(watched, load.watchedRevision());
    }
    if (faults.isEmpty()) {
      server.start();
      try (Client client = Client.to(server.port())) {
        faults.addAll(recording.faults(History.read(client)));
      }
    }
    System.out.println(
        "crash: "
            + recording.answered()
            + " writes answered, "
            + recording.unknown()
            + " unknown, "
            + recording.events()
            + " revisions, faults "
            + faults.size());
    return faults.subList(0, Math.min(10, faults.size()));
  }
}
