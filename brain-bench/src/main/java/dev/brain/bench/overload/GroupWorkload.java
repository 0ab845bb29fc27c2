// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import com.google.protobuf.ByteString;
import dev.brain.bench.workload.Call;
import dev.brain.bench.workload.Completion;
import dev.brain.bench.workload.EventSink;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.Series;
import dev.brain.bench.workload.Txns;
import dev.brain.bench.workload.Uncertain;
import dev.brain.bench.workload.WatchStream;
import dev.brain.bench.workload.Workload;
import dev.brain.proto.etcdserverpb.KVGrpc;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** Creates keys in several groups in turn, while one watcher sees all of them. */
final class GroupWorkload implements Workload {
  /** The series of what the watcher sees. */
  static final int EVENT = 1;

  private static final int CREATE = 0;

  private final Scene scene;
  private final int groups;
  private final long limit;
  private final String prefix;

  /** By group. */
  private final AtomicLongArray counts;

  private final AtomicLongArray sums;
  private final AtomicLong uncertain = new AtomicLong();
  private @Nullable WatchStream witness;

  GroupWorkload(Scene scene, int groups, long limit) {
    this.scene = scene;
    this.groups = groups;
    this.limit = limit;
    this.prefix = scene.shape().prefix() + "group-" + scene.run() + "/";
    this.counts = new AtomicLongArray(groups);
    this.sums = new AtomicLongArray(groups);
  }

  /**
   * What was written to one group.
   *
   * @param count of keys
   * @param sumOfRevisions at which they were written
   */
  record Written(long count, long sumOfRevisions) {}

  Written written(int group) {
    return new Written(counts.get(group), sums.get(group));
  }

  /** Where a group begins. */
  ByteString start(int group) {
    return ByteString.copyFromUtf8(name(group) + "/");
  }

  /** The first key behind a group: a zero comes after a slash. */
  ByteString end(int group) {
    return ByteString.copyFromUtf8(name(group) + "0");
  }

  private String name(int group) {
    return String.format(Locale.ROOT, "%s%05d", prefix, group);
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("create"), Series.events("event", "events"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    ByteString start = ByteString.copyFromUtf8(prefix);
    ByteString end = ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + "0");
    witness = new WatchStream(scene, 0, start, end, stamp -> events.arrived(EVENT, stamp));
    witness.awaitOpen();
  }

  @Override
  public long limit() {
    return limit;
  }

  @Override
  public void start(int client, long index, Completion completion) {
    int group = (int) (index % groups);
    ByteString key =
        ByteString.copyFromUtf8(String.format(Locale.ROOT, "%s/pod-%012d", name(group), index));
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.create(key, scene.values().stamped(index, scene.clock().getAsLong())),
        new Uncertain(completion, uncertain),
        answer -> {
          if (answer.getSucceeded()) {
            counts.incrementAndGet(group);
            sums.addAndGet(group, answer.getHeader().getRevision());
            completion.succeeded(CREATE, 1);
          } else {
            completion.conflicted();
          }
        });
  }

  @Override
  public List<String> finish() throws InterruptedException {
    long least = 0;
    for (int i = 0; i < groups; i++) {
      least += counts.get(i);
    }
    return witness == null ? List.of() : witness.awaitEvents(least, least + uncertain.get());
  }

  @Override
  public void close() {
    if (witness != null) {
      witness.close();
    }
  }
}
