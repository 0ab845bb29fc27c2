// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.KVGrpc;
import java.util.List;

/** Creates keys and reads others, one as often as the other. */
final class MixedWorkload implements Workload {
  private static final int INSERT = 0;
  private static final int GET = 1;

  private final Scene scene;
  private final KeySpace created;
  private final GetWorkload reads;

  MixedWorkload(Scene scene) {
    this.scene = scene;
    this.created = scene.ownKeys("mixed");
    this.reads = new GetWorkload(scene);
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("insert"), Series.of("get"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    reads.prepare(events);
  }

  @Override
  public void start(int client, long index, Completion completion) {
    if (index % 2 == GET) {
      reads.read(client, index, GET, completion);
      return;
    }
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.create(created.key(index), scene.values().value(index)),
        completion,
        answer -> {
          if (answer.getSucceeded()) {
            completion.succeeded(INSERT, 1);
          } else {
            completion.conflicted();
          }
        });
  }
}
