// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import dev.brain.bench.wire.Methods;
import dev.brain.bench.wire.RangeTally;
import dev.brain.proto.etcdserverpb.RangeRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lists all keys in pages, as kube-apiserver does for a client that asks for chunks: the first page
 * at the present revision, the others at the revision of the first. An operation is one page.
 */
final class ListWorkload implements Workload {
  private final Scene scene;
  private final int size;
  private final KeySpace keys;
  private final List<Pass> passes;

  ListWorkload(Scene scene) {
    this.scene = scene;
    this.size = scene.shape().keys();
    this.keys = scene.sharedKeys("keys", size);
    this.passes = Stream.generate(Pass::new).limit(scene.clients()).toList();
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("page", "keys"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    new Dataset(scene, keys, size).fill();
  }

  @Override
  public void start(int client, long index, Completion completion) {
    Pass pass = passes.get(client);
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(pass.next)
            .setRangeEnd(keys.end())
            .setLimit(scene.shape().pageSize())
            .setRevision(pass.revision)
            .build();
    Call.start(
        scene.connections().of(client),
        Methods.RANGE,
        request,
        completion,
        answer -> pass.read(answer, completion));
  }

  /** How far a client has come with its list. */
  private final class Pass {
    ByteString next = keys.start();
    long revision;
    long listed;

    void read(RangeTally page, Completion completion) {
      listed += page.keys();
      if (page.more()) {
        next = Ranges.behind(page.lastKey());
        revision = revision == 0 ? page.revision() : revision;
        completion.succeeded(0, page.keys());
        return;
      }
      long all = listed;
      next = keys.start();
      revision = 0;
      listed = 0;
      if (all == size) {
        completion.succeeded(0, page.keys());
      } else {
        completion.failed("keys in all pages: " + all + " (expected: " + size + ")");
      }
    }
  }
}
