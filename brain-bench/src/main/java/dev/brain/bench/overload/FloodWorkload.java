// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.workload.Call;
import dev.brain.bench.workload.Completion;
import dev.brain.bench.workload.EventSink;
import dev.brain.bench.workload.ForwardingCompletion;
import dev.brain.bench.workload.KeySpace;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.Series;
import dev.brain.bench.workload.Txns;
import dev.brain.bench.workload.Workload;
import dev.brain.proto.etcdserverpb.KVGrpc;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Creates keys and remembers the fate of each. */
final class FloodWorkload implements Workload {
  private static final String REFUSAL = "RESOURCE_EXHAUSTED: etcdserver: too many requests";

  /** Enough to see what went wrong. */
  private static final int TEXTS = 5;

  private final Scene scene;
  private final KeySpace keys;

  /** By index; null for what was not begun. */
  private final AtomicReferenceArray<@Nullable Fate> fates;

  private final Set<String> otherErrors = new ConcurrentSkipListSet<>();

  FloodWorkload(Scene scene, KeySpace keys, int count) {
    this.scene = scene;
    this.keys = keys;
    this.fates = new AtomicReferenceArray<>(count);
  }

  /** What became of a write. */
  enum Fate {
    UNKNOWN,
    ANSWERED,
    REFUSED
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("create"));
  }

  @Override
  public void prepare(EventSink events) {}

  @Override
  public long limit() {
    return fates.length();
  }

  @Override
  public void start(int client, long index, Completion completion) {
    int place = (int) index;
    fates.set(place, Fate.UNKNOWN);
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.create(keys.key(index), scene.values().value(index)),
        new Refusable(place, completion),
        answer -> {
          if (answer.getSucceeded()) {
            fates.set(place, Fate.ANSWERED);
            completion.succeeded(0, 1);
          } else {
            otherErrors.add("a key that did not exist was there");
            completion.conflicted();
          }
        });
  }

  /**
   * Counts the writes with a fate, and those of them whose key is there.
   *
   * @param revisions by index; 0 for a key that is not there
   */
  int[] count(Fate fate, long[] revisions) {
    int[] counts = new int[2];
    for (int i = 0; i < fates.length(); i++) {
      if (fates.get(i) == fate) {
        counts[0]++;
        counts[1] += revisions[i] == 0 ? 0 : 1;
      }
    }
    return counts;
  }

  /** Texts of errors that are no refusals, some of them. */
  Set<String> otherErrors() {
    return otherErrors;
  }

  /** Tells a refusal, after which the fate is known, from other failures. */
  private final class Refusable extends ForwardingCompletion {
    private final int place;

    Refusable(int place, Completion completion) {
      super(completion);
      this.place = place;
    }

    @Override
    public void failed(String error) {
      if (error.equals(REFUSAL)) {
        fates.set(place, Fate.REFUSED);
      } else if (otherErrors.size() < TEXTS) {
        otherErrors.add(error);
      }
      super.failed(error);
    }
  }
}
