// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.engine.tikv.emulator.EmulatorHandle;
import java.util.List;
import java.util.Random;

/** What can befall the engine that all nodes share. */
final class EngineFaults {
  private static final long SHORT_MILLIS = 500;
  private static final long LONG_MILLIS = 4_000;

  private EngineFaults() {}

  /** Lost and late commits, splits, leaders of regions that move, stores and a PD that stop. */
  static List<Fault> all(EmulatorHandle emulator) {
    return List.of(
        new Fault(
            "lose requests and answers",
            LONG_MILLIS,
            random -> fates(emulator, random, 20, "LOSE_REQUEST,LOSE_ANSWER")),
        new Fault(
            "late requests and answers",
            SHORT_MILLIS,
            random -> fates(emulator, random, 10, "LATE_REQUEST,LATE_ANSWER,HOLD")),
        new Fault(
            "refuse requests",
            LONG_MILLIS,
            random ->
                fates(
                    emulator,
                    random,
                    30,
                    "NOT_LEADER,EPOCH_NOT_MATCH,SERVER_IS_BUSY,MAX_TIMESTAMP_NOT_SYNCED,"
                        + "STALE_COMMAND")),
        new Fault("split regions", 0, _ -> split(emulator)),
        new Fault("move the leaders of regions", 0, random -> move(emulator, random)),
        new Fault("stop a store", LONG_MILLIS, random -> stop(emulator, random)),
        new Fault("stop PD", LONG_MILLIS, _ -> stopPd(emulator)));
  }

  private static Runnable fates(EmulatorHandle emulator, Random random, int percent, String fates) {
    emulator.execute("random " + random.nextInt(1_000_000) + " " + percent + " " + fates);
    return () -> {
      emulator.execute("no-faults");
      emulator.execute("release");
    };
  }

  private static Runnable split(EmulatorHandle emulator) {
    for (int i = 0; i < 3; i++) {
      emulator.execute("split-largest");
    }
    return () -> {};
  }

  private static Runnable move(EmulatorHandle emulator, Random random) {
    int from = store(random);
    emulator.execute("move-leaders " + from + " " + next(from));
    return () -> {};
  }

  // As in a real cluster, other stores lead its regions soon; until then nobody does.
  private static Runnable stop(EmulatorHandle emulator, Random random) {
    int store = store(random);
    emulator.execute("stop-store " + store);
    return () -> {
      emulator.execute("move-leaders " + store + " " + next(store));
      emulator.execute("start-store " + store);
    };
  }

  private static Runnable stopPd(EmulatorHandle emulator) {
    emulator.execute("stop-pd");
    return () -> emulator.execute("start-pd");
  }

  private static int store(Random random) {
    return 1 + random.nextInt(TikvCluster.STORES);
  }

  private static int next(int store) {
    return store % TikvCluster.STORES + 1;
  }
}
