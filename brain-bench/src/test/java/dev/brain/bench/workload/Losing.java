// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import java.util.List;

/** A workload that has something happen between its preparation and its first operation. */
record Losing(Workload workload, Runnable mishap) implements Workload {

  @Override
  public List<Series> series() {
    return workload.series();
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    workload.prepare(events);
    mishap.run();
  }

  @Override
  public void start(int client, long index, Completion completion) {
    workload.start(client, index, completion);
  }
}
