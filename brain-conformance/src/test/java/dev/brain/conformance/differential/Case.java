// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Call;
import java.util.List;

/** One row of a table of edge cases: what is tried, and the steps that try it on both servers. */
record Case(String name, List<Step> steps) {

  /** Something done to both servers, whose answers are compared. */
  @FunctionalInterface
  interface Step {
    void run(String where, Pair pair);
  }

  /** Unary calls, one after the other. */
  static Case of(String name, Call<?, ?>... calls) {
    return new Case(name, List.of(calls).stream().map(Case::step).toList());
  }

  /** Any steps. */
  static Case steps(String name, Step... steps) {
    return new Case(name, List.of(steps));
  }

  /** A unary call as a step. */
  static Step step(Call<?, ?> call) {
    return (where, pair) -> pair.call(where + ": " + call, call);
  }

  /** A lease renewal as a step. */
  static Step keepAlive(long lease) {
    return (where, pair) -> pair.keepAlive(where + ": keep alive " + lease, lease);
  }

  void run(String table, Pair pair) {
    for (Step step : steps) {
      step.run(table + ": " + name, pair);
      pair.requireAlive(table + ": " + name);
    }
  }
}
