// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import dev.brain.bench.workload.Completion;
import dev.brain.bench.workload.EventSink;
import dev.brain.bench.workload.Series;
import dev.brain.bench.workload.Workload;
import java.util.List;

/** Operations that do what a test says. */
record ScriptedWorkload(long limit, Script script) implements Workload {

  static ScriptedWorkload of(Script script) {
    return new ScriptedWorkload(Long.MAX_VALUE, script);
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("step"));
  }

  @Override
  public void prepare(EventSink events) {}

  @Override
  public void start(int client, long index, Completion completion) {
    script.step(index, completion);
  }

  interface Script {
    void step(long index, Completion completion);
  }
}
