// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.workload.Call;
import dev.brain.bench.workload.Completion;
import dev.brain.bench.workload.EventSink;
import dev.brain.bench.workload.KeySpace;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.Series;
import dev.brain.bench.workload.Workload;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import io.grpc.Channel;
import java.util.List;

/** Grants leases that end at the same time, and puts one key with each. */
final class GrantWorkload implements Workload {
  private final Scene scene;
  private final KeySpace keys;
  private final int leases;
  private final long deadline;

  /** The deadline is in nanoseconds of the scene's clock. */
  GrantWorkload(Scene scene, KeySpace keys, int leases, long deadline) {
    this.scene = scene;
    this.keys = keys;
    this.leases = leases;
    this.deadline = deadline;
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("grant"));
  }

  @Override
  public void prepare(EventSink events) {}

  @Override
  public long limit() {
    return leases;
  }

  @Override
  public void start(int client, long index, Completion completion) {
    Channel channel = scene.connections().of(client);
    long seconds = LeaseStorm.secondsLeft(scene.clock().getAsLong(), deadline);
    Call.start(
        channel,
        LeaseGrpc.getLeaseGrantMethod(),
        LeaseGrantRequest.newBuilder().setTTL(seconds).build(),
        completion,
        lease ->
            Call.start(
                channel,
                KVGrpc.getPutMethod(),
                PutRequest.newBuilder()
                    .setKey(keys.key(index))
                    .setValue(scene.values().value(index))
                    .setLease(lease.getID())
                    .build(),
                completion,
                answer -> completion.succeeded(0, 1)));
  }
}
