// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.history.History;
import dev.brain.conformance.history.Operation;
import dev.brain.conformance.history.Outcome;
import dev.brain.conformance.history.Request;
import dev.brain.conformance.history.Watch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Collects what clients and watchers see, by one clock. Thread-safe. */
final class Recorder {
  private final long begun = System.nanoTime();
  private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Watch> watches = new ConcurrentLinkedQueue<>();
  private final AtomicLong highest = new AtomicLong(1);
  private final AtomicLong watched = new AtomicLong(1);
  private final AtomicLong answered = new AtomicLong();

  /** Nanoseconds since the begin. */
  long now() {
    return System.nanoTime() - begun;
  }

  void add(Operation operation) {
    operations.add(operation);
    if (operation.outcome() instanceof Outcome.Answered answer) {
      answered.incrementAndGet();
      highest.accumulateAndGet(answer.revision(), Math::max);
    }
  }

  void add(Watch watch) {
    watches.add(watch);
  }

  /** Notes that some watch of everything was told of a revision. */
  void watched(long revision) {
    watched.accumulateAndGet(revision, Math::max);
  }

  /** The highest revision of an answer. */
  long highest() {
    return highest.get();
  }

  /** The highest revision that a watch was told. */
  long watched() {
    return watched.get();
  }

  /** How many operations were answered. */
  long answered() {
    return answered.get();
  }

  /** When writes were answered, ascending. */
  List<Long> writesAnswered() {
    List<Long> times = new ArrayList<>();
    for (Operation operation : operations) {
      Request request = operation.request();
      if (operation.outcome() instanceof Outcome.Answered answer
          && answer.result().changed(request)) {
        times.add(operation.returned());
      }
    }
    times.sort(Comparator.naturalOrder());
    return times;
  }

  /** Everything so far, when clients and watchers have ended. */
  History history() {
    List<Operation> sorted = new ArrayList<>(operations);
    sorted.sort(Comparator.comparingLong(Operation::called));
    return new History(sorted, List.copyOf(watches));
  }
}
