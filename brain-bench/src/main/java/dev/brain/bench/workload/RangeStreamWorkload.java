// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.bench.wire.Methods;
import dev.brain.bench.wire.RangeTally;
import dev.brain.proto.etcdserverpb.RangeRequest;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Lists all keys in one stream of answers, as kube-apiserver 1.37 does where the server can. */
final class RangeStreamWorkload implements Workload {
  private final Scene scene;
  private final int size;
  private final KeySpace keys;

  RangeStreamWorkload(Scene scene) {
    this.scene = scene;
    this.size = scene.shape().keys();
    this.keys = scene.sharedKeys("keys", size);
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("list", "keys"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    new Dataset(scene, keys, size).fill();
  }

  @Override
  public void start(int client, long index, Completion completion) {
    ClientCalls.asyncServerStreamingCall(
        scene.connections().of(client).newCall(Methods.RANGE_STREAM, CallOptions.DEFAULT),
        RangeRequest.newBuilder().setKey(keys.start()).setRangeEnd(keys.end()).build(),
        new Parts(completion));
  }

  /** Adds up the parts of one list. */
  private final class Parts implements StreamObserver<RangeTally> {
    private final Completion completion;
    private long listed;

    Parts(Completion completion) {
      this.completion = completion;
    }

    @Override
    public void onNext(RangeTally part) {
      listed += part.keys();
    }

    @Override
    public void onError(Throwable failure) {
      completion.failed(Call.error(failure));
    }

    @Override
    public void onCompleted() {
      if (listed == size) {
        completion.succeeded(0, listed);
      } else {
        completion.failed("keys in all parts: " + listed + " (expected: " + size + ")");
      }
    }
  }
}
