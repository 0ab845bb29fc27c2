// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.CommitOutcome.Committed;
import dev.brain.engine.CommitOutcome.ConditionFailed;
import dev.brain.engine.CommitOutcome.Unknown;
import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that commits the {@link Workload} durably, to be killed or starved. It tells
 * each commit by a line on standard output after it was answered.
 */
final class Committer {
  /** So that a disk that never works again ends the process. */
  private static final int MOST_UNKNOWNS = 30;

  private Committer() {}

  /** The directory, the first and the last commit. */
  public static void main(String[] arguments) {
    EngineSettings settings = new EngineSettings(Path.of(arguments[0]), Map.of());
    int last = Integer.parseInt(arguments[2]);
    try (Engine engine = new RocksEngineFactory().open(settings)) {
      System.out.println("open");
      int unknowns = 0;
      for (int number = Integer.parseInt(arguments[1]); number <= last; ) {
        switch (engine.commit(Workload.batch(number, Durability.SYNCED))) {
          case Committed _ -> System.out.println("committed " + number++);
          case ConditionFailed failed -> throw new AssertionError(failed);
          case Unknown unknown -> {
            if (++unknowns > MOST_UNKNOWNS) {
              throw new AssertionError("too many unknown outcomes", unknown.cause());
            }
            Fate fate = engine.settle(unknown);
            System.out.println(fate + " " + number);
            if (fate == Fate.COMMITTED) {
              number++;
            }
          }
        }
      }
    }
  }

  /**
   * Starts the process.
   *
   * @param prefix commands that run before it in a shell, each ended by a semicolon
   * @param options more options of its JVM
   */
  static Process start(String prefix, List<String> options, Path directory, int first, int last)
      throws IOException {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.add("-Xmx128m");
    java.add("-XX:TieredStopAtLevel=1");
    java.add("--enable-native-access=ALL-UNNAMED");
    java.addAll(options);
    java.add("-cp");
    java.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    java.add(Committer.class.getName());
    java.add(directory.toString());
    java.add("" + first);
    java.add("" + last);
    List<String> command = new ArrayList<>(List.of("sh", "-c", prefix + " exec \"$@\"", "sh"));
    command.addAll(java);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
