// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Chooses the fate of every request. Called by the threads of the servers, several at a time, with
 * no lock held.
 */
@FunctionalInterface
public interface FaultPlan {
  Fate fate(Call call);

  static FaultPlan none() {
    return call -> Fate.DELIVER;
  }

  /** The next {@code count} calls of the method meet the fate, then everything is delivered. */
  static FaultPlan next(String method, Fate fate, int count) {
    return next(call -> call.method().equals(method), fate, count);
  }

  /** As {@link #next(String, Fate, int)}, for any choice of calls. */
  static FaultPlan next(Predicate<Call> which, Fate fate, int count) {
    AtomicInteger left = new AtomicInteger(count);
    return call ->
        which.test(call) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? fate : Fate.DELIVER;
  }

  /**
   * About so many of a hundred calls to stores meet one of the fates, chosen by the seed. Calls in
   * flight at the same time share the sequence of choices in the order in which they arrive.
   */
  static FaultPlan random(long seed, int percent, List<Fate> fates) {
    Random random = new Random(seed);
    return call -> {
      synchronized (random) {
        boolean hit = random.nextInt(100) < percent;
        Fate fate = fates.get(random.nextInt(fates.size()));
        return hit && !call.toPd() ? fate : Fate.DELIVER;
      }
    };
  }
}
