// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.workload.Dataset;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.WorkloadException;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.StatusRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A compaction of many revisions beside writes.
 *
 * @param keys each is written twice before, so that one version of it is compacted
 * @param batch keys per transaction when they are written again
 * @param rate writes per second
 * @param duration how long writes are measured alone, and at least meanwhile
 */
public record Compaction(int keys, int batch, double rate, Duration duration) implements Scenario {

  @Override
  public String name() {
    return "compaction";
  }

  @Override
  public Outcome play(Stage stage) throws InterruptedException {
    Outcome.Builder outcome = new Outcome.Builder();
    Scene scene = stage.scene();
    Dataset dataset = new Dataset(scene, scene.sharedKeys("keys", keys), keys);
    dataset.fill();
    dataset.rewrite(1, batch);
    Writer writer = new Writer(stage, rate);
    LoadResult alone = writer.alone(duration);
    stage.addMemory(outcome, "before");
    try (Writer.Beside beside = writer.begin(Duration.ZERO)) {
      double begun = stage.seconds();
      compact(scene);
      double length = stage.seconds() - begun;
      stage.pauseUntil(begun, duration);
      LoadResult meanwhile = beside.end();
      Writer.report(outcome, alone, meanwhile);
      double ratio = Writer.p99(meanwhile) / Writer.p99(alone);
      outcome.check(ratio <= 2, "p99 of writes meanwhile is at most twice that of idle");
      outcome.figure("length of the compaction, s", length);
    }
    stage.addMemory(outcome, "after");
    return outcome.build(name());
  }

  /** Returns when what was compacted is gone. */
  private static void compact(Scene scene) {
    Channel channel = scene.connections().of(0);
    try {
      long revision =
          MaintenanceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(scene.timeout().toNanos(), TimeUnit.NANOSECONDS)
              .status(StatusRequest.getDefaultInstance())
              .getHeader()
              .getRevision();
      CompactionRequest request =
          CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build();
      var ignored =
          KVGrpc.newBlockingStub(channel)
              .withDeadlineAfter(scene.timeout().toNanos(), TimeUnit.NANOSECONDS)
              .compact(request);
    } catch (StatusRuntimeException e) {
      throw new WorkloadException("The compaction failed: " + e.getMessage(), e);
    }
  }
}
