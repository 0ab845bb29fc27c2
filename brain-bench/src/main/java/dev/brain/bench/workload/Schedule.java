// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import java.util.List;

/**
 * Which operation of {@link NodeScaleWorkload} comes when.
 *
 * <p>What one node does in a minute is one cycle. Lists take places at even distances between the
 * steps of the cycles.
 */
final class Schedule {
  private static final double SECONDS = 60;

  private static final List<Step> CYCLE =
      List.of(
          Step.HEARTBEAT,
          Step.CREATE,
          Step.EVENT,
          Step.HEARTBEAT,
          Step.STATUS,
          Step.EVENT,
          Step.HEARTBEAT,
          Step.STATUS,
          Step.EVENT,
          Step.HEARTBEAT,
          Step.STATUS,
          Step.EVENT,
          Step.HEARTBEAT,
          Step.DELETE,
          Step.EVENT,
          Step.HEARTBEAT);

  private final long perMinute;
  private final long distance;

  Schedule(int nodes, int apiservers) {
    this.perMinute = (long) nodes * CYCLE.size() + apiservers;
    this.distance = perMinute / apiservers;
  }

  /** Kinds of operations. */
  enum Step {
    HEARTBEAT,
    CREATE,
    STATUS,
    DELETE,
    EVENT,
    LIST
  }

  /**
   * One operation.
   *
   * @param number counts the operations of this kind, from 0
   */
  record Turn(Step step, long number) {}

  /** Operations per second. */
  double rate() {
    return perMinute / SECONDS;
  }

  /** The operation with an index. */
  Turn turn(long index) {
    if (index % distance == distance - 1) {
      return new Turn(Step.LIST, index / distance);
    }
    long ordinal = index - index / distance;
    int place = (int) (ordinal % CYCLE.size());
    Step step = CYCLE.get(place);
    long cycle = ordinal / CYCLE.size();
    long before = CYCLE.subList(0, place).stream().filter(step::equals).count();
    long perCycle = CYCLE.stream().filter(step::equals).count();
    return new Turn(step, cycle * perCycle + before);
  }
}
