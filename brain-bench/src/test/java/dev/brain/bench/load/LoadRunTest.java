// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.brain.bench.workload.Completion;
import dev.brain.bench.workload.EventSink;
import dev.brain.bench.workload.Series;
import dev.brain.bench.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a clock that only the operations move, so that every figure is exact. */
@Timeout(60) // a driver that is broken would wait for ever on this clock
class LoadRunTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long MANY = Long.MAX_VALUE;

  private final AtomicLong clock = new AtomicLong(-5);
  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);

  @AfterEach
  void close() {
    timers.shutdownNow();
  }

  @Test
  void execute_fixedRateAndSlowServer_chargesWaitingOperations() throws Exception {
    // Ten operations are due, one every 100 ms, and each takes the only client a second.
    Workload workload = taking(SECOND);
    LoadResult result = run(workload, new Plan(1, 10, Duration.ZERO, SECOND, MANY, minute(), 0));
    SeriesResult series = result.series().getFirst();
    assertThat(series.operations()).isEqualTo(10);
    assertThat(series.latency().max()).isCloseTo(9100, within(10.0));
    assertThat(series.latency().p50()).isCloseTo(4600, within(10.0));
    assertThat(result.seconds()).isCloseTo(10, within(0.001));
    assertThat(series.operationsPerSecond()).isCloseTo(1, within(0.001));
    assertThat(result.isSound()).isTrue();
  }

  @Test
  void execute_closedLoopAndSlowServer_chargesOnlyWhatItAsked() throws Exception {
    Workload workload = taking(Duration.ofMillis(100));
    LoadResult result = run(workload, new Plan(1, 0, SECOND, SECOND, MANY, minute(), 0));
    SeriesResult series = result.series().getFirst();
    assertThat(series.operations()).isEqualTo(10);
    assertThat(series.latency().max()).isCloseTo(100, within(0.2));
    assertThat(result.seconds()).isEqualTo(1);
  }

  @Test
  void execute_fixedRateAndNoAnswers_countsAllThatWasDue() throws Exception {
    Workload workload = ScriptedWorkload.of((index, completion) -> clock.addAndGet(1));
    Plan plan = new Plan(2, 1000, Duration.ZERO, Duration.ofMillis(100), MANY, Duration.ZERO, 0);
    LoadRun run = new LoadRun(workload, plan, timers, System::nanoTime, probe());
    LoadResult result = run.execute((phase, seconds, completed, errors) -> {});
    assertThat(result.unanswered()).isEqualTo(100);
    assertThat(result.isSound()).isFalse();
  }

  @Test
  void execute_answersDuringTheStart_doNotNest() throws Exception {
    Workload workload = taking(Duration.ofNanos(1));
    LoadResult result = run(workload, new Plan(1, 0, Duration.ZERO, SECOND, 1_000_000, SECOND, 0));
    assertThat(result.series().getFirst().operations()).isEqualTo(1_000_000);
  }

  @Test
  void execute_answersOnAnotherThread_areAllMeasured() throws Exception {
    Workload workload =
        ScriptedWorkload.of(
            (index, completion) ->
                timers.execute(
                    () -> {
                      clock.addAndGet(1000);
                      completion.succeeded(0, 3);
                    }));
    LoadResult result = run(workload, new Plan(7, 0, Duration.ZERO, SECOND, 10_000, SECOND, 0));
    SeriesResult series = result.series().getFirst();
    assertThat(series.operations()).isEqualTo(10_000);
    assertThat(series.unitsPerSecond()).isCloseTo(3 * series.operationsPerSecond(), within(1e-3));
  }

  @Test
  void execute_limitedOperations_warmsUpWithAFifth() throws Exception {
    AtomicLong highest = new AtomicLong();
    Workload workload =
        new ScriptedWorkload(
            100,
            (index, completion) -> {
              highest.accumulateAndGet(index, Math::max);
              clock.addAndGet(1000);
              completion.succeeded(0, 1);
            });
    LoadResult result = run(workload, new Plan(1, 0, minute(), minute(), MANY, SECOND, 0));
    assertThat(highest).hasValue(99);
    assertThat(result.series().getFirst().operations()).isBetween(79L, 80L);
    assertThat(result.isSound()).isTrue();
  }

  @Test
  void execute_tooManyErrors_endsEarly() throws Exception {
    Workload workload =
        ScriptedWorkload.of((index, completion) -> completion.failed("UNAVAILABLE"));
    LoadResult result = run(workload, new Plan(4, 0, Duration.ZERO, minute(), MANY, SECOND, 2));
    assertThat(result.errors()).containsOnlyKeys("UNAVAILABLE");
    assertThat(result.faults()).containsExactly("the run was ended early: more than 2 errors");
  }

  @Test
  void execute_workloadWithARate_runsAtThatRate() throws Exception {
    Workload workload = new Rated(taking(SECOND), 10);
    LoadResult result = run(workload, new Plan(1, 0, Duration.ZERO, SECOND, MANY, minute(), 0));
    assertThat(result.rate()).isEqualTo(10);
    assertThat(result.series().getFirst().operations()).isEqualTo(10);
    LoadResult faster = run(workload, new Plan(1, 20, Duration.ZERO, SECOND, MANY, minute(), 0));
    assertThat(faster.rate()).isEqualTo(20);
    assertThat(faster.series().getFirst().operations()).isEqualTo(20);
  }

  @Test
  void execute_slowAtAFixedRate_doesNotKeepUp() throws Exception {
    Plan plan = new Plan(1, 10, Duration.ZERO, SECOND, MANY, minute(), 0);
    assertThat(run(taking(SECOND), plan).keptUp()).isFalse();
    assertThat(run(taking(Duration.ofMillis(100)), plan).keptUp()).isTrue();
  }

  @Test
  void end_beforeTheTime_endsTheRun() throws Exception {
    AtomicReference<LoadRun> run = new AtomicReference<>();
    Workload workload =
        ScriptedWorkload.of(
            (index, completion) -> {
              clock.addAndGet(1000);
              completion.succeeded(0, 1);
              if (index == 99) {
                run.get().end();
              }
            });
    Plan plan = new Plan(1, 0, Duration.ZERO, minute(), MANY, SECOND, 0);
    run.set(new LoadRun(workload, plan, timers, clock::get, probe()));
    LoadResult result = run.get().execute((phase, seconds, completed, errors) -> {});
    assertThat(result.series().getFirst().operations()).isEqualTo(100);
  }

  @Test
  void execute_workloadThrows_isAnError() throws Exception {
    Workload workload =
        ScriptedWorkload.of(
            (index, completion) -> {
              throw new IllegalStateException("broken");
            });
    LoadResult result = run(workload, new Plan(1, 0, Duration.ZERO, minute(), MANY, SECOND, 0));
    assertThat(result.errors()).containsEntry("java.lang.IllegalStateException: broken", 1L);
  }

  private LoadResult run(Workload workload, Plan plan) throws InterruptedException {
    return new LoadRun(workload, plan, timers, clock::get, probe())
        .execute((phase, seconds, completed, errors) -> {});
  }

  /** Operations that are answered at once, after the clock has gone on. */
  private Workload taking(Duration time) {
    return ScriptedWorkload.of(
        (index, completion) -> {
          clock.addAndGet(time.toNanos());
          completion.succeeded(0, 1);
        });
  }

  private static Duration minute() {
    return Duration.ofNanos(TimeUnit.MINUTES.toNanos(1));
  }

  /** A workload that asks for a rate. */
  private record Rated(Workload workload, double rate) implements Workload {
    @Override
    public List<Series> series() {
      return workload.series();
    }

    @Override
    public void prepare(EventSink events) {}

    @Override
    public void start(int client, long index, Completion completion) {
      workload.start(client, index, completion);
    }
  }

  private static UsageProbe probe() {
    return new UsageProbe(Path.of("/nowhere"), 0, 1);
  }
}
