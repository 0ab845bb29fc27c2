// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * Lets faults befall a cluster, one at a time, all kinds in an order of chance and then again. For
 * one thread.
 */
final class Nemesis {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A fault that was, from when to when by the recorder's clock. */
  record Incident(String name, long begun, long mended) {}

  private final List<Fault> kinds;
  private final Random random;
  private final Recorder recorder;
  private final List<Incident> incidents = new ArrayList<>();

  Nemesis(List<Fault> kinds, Recorder recorder, long seed) {
    this.kinds = new ArrayList<>(kinds);
    this.random = new Random(seed);
    this.recorder = recorder;
  }

  /**
   * Does {@code count} faults. Before each, and after the last, clients have been answered {@code
   * calm} times with everything mended, however long that takes.
   */
  List<Incident> run(int count, int calm) {
    awaitAnswers(calm);
    for (int i = 0; i < count; i++) {
      if (i % kinds.size() == 0) {
        Collections.shuffle(kinds, random);
      }
      Fault fault = kinds.get(i % kinds.size());
      long begun = recorder.now();
      Runnable mend = fault.hit().on(random);
      pause(fault.lasts());
      mend.run();
      incidents.add(new Incident(fault.name(), begun, recorder.now()));
      awaitAnswers(calm / 2 + random.nextInt(calm));
    }
    return incidents;
  }

  private void awaitAnswers(int count) {
    long enough = recorder.answered() + count;
    Awaitility.await(count + " answers after " + incidents)
        .atMost(PATIENCE)
        .until(() -> recorder.answered() >= enough);
  }

  // The length of a fault is part of it; nothing is awaited.
  private static void pause(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
