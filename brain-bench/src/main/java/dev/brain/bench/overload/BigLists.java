// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.wire.Drain;
import dev.brain.bench.workload.Dataset;
import dev.brain.bench.workload.KeySpace;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.WorkloadException;
import dev.brain.proto.etcdserverpb.RangeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Many lists of everything at once, beside writes. Each must be answered in full or be refused.
 *
 * @param lists how many at once
 * @param megabytes of values, in millions of bytes, that each list carries
 * @param rate writes per second
 * @param duration how long writes are measured alone, and at least meanwhile
 * @param patience how long to wait for the lists
 */
public record BigLists(int lists, int megabytes, double rate, Duration duration, Duration patience)
    implements Scenario {
  private static final double MEGABYTE = 1e6;
  private static final double MOST_MILLISECONDS = 500;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final String METHOD = "etcdserverpb.KV/Range";

  @Override
  public String name() {
    return "big-lists";
  }

  @Override
  public Outcome play(Stage stage) throws InterruptedException {
    Outcome.Builder outcome = new Outcome.Builder();
    Scene scene = stage.scene();
    int size = Math.max(1, (int) (megabytes * MEGABYTE / scene.values().size()));
    KeySpace keys = scene.sharedKeys("keys", size);
    new Dataset(scene, keys, size).fill();
    Writer writer = new Writer(stage, rate);
    LoadResult alone = writer.alone(duration);
    stage.addMemory(outcome, "before");
    try (Writer.Beside beside = writer.begin(Duration.ZERO)) {
      double begun = stage.seconds();
      List<Drain.Answer> answers = list(stage.drain(), keys);
      double length = stage.seconds() - begun;
      stage.pauseUntil(begun, duration);
      LoadResult meanwhile = beside.end();
      Writer.report(outcome, alone, meanwhile);
      outcome
          .check(
              Writer.p99(meanwhile) <= MOST_MILLISECONDS,
              "p99 of writes meanwhile is at most " + MOST_MILLISECONDS + " ms")
          .figure("until the last list has ended, s", length);
      judge(outcome, answers, (long) size * scene.values().size());
    }
    stage.addMemory(outcome, "after");
    long count = new Dataset(scene, keys, size).count();
    outcome.check(count == size, "keys counted afterwards: " + count);
    return outcome.build(name());
  }

  private List<Drain.Answer> list(Drain drain, KeySpace keys) throws InterruptedException {
    byte[] request =
        RangeRequest.newBuilder()
            .setKey(keys.start())
            .setRangeEnd(keys.end())
            .build()
            .toByteArray();
    List<CompletableFuture<Drain.Answer>> calls = new ArrayList<>();
    for (int i = 0; i < lists; i++) {
      calls.add(drain.call(METHOD, request));
    }
    try {
      CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
          .get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      calls.forEach(call -> call.complete(new Drain.Answer(-1, "no answer within " + patience, 0)));
    } catch (ExecutionException e) {
      throw new WorkloadException("A list cannot be begun: " + e.getCause(), e);
    }
    return calls.stream().map(CompletableFuture::join).toList();
  }

  private static void judge(Outcome.Builder outcome, List<Drain.Answer> answers, long least) {
    long served = answers.stream().filter(a -> a.status() == 0 && a.bytes() >= least).count();
    long refused = answers.stream().filter(a -> a.status() == RESOURCE_EXHAUSTED).count();
    List<String> others =
        answers.stream()
            .filter(a -> a.status() != RESOURCE_EXHAUSTED && (a.status() != 0 || a.bytes() < least))
            .map(a -> a.status() + " " + a.message() + " after " + a.bytes() + " bytes")
            .distinct()
            .limit(5)
            .toList();
    outcome
        .check(others.isEmpty(), "lists neither served in full nor refused: " + others)
        .check(served > 0, "lists served: " + served)
        .figure("lists served", (double) served)
        .figure("lists refused", (double) refused);
  }
}
