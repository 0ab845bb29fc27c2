// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import dev.brain.bench.workload.Completion;
import dev.brain.bench.workload.EventSink;
import dev.brain.bench.workload.Series;
import dev.brain.bench.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Drives one workload once: warm-up, measured window, the last outcomes.
 *
 * <p>{@link #execute} belongs to one thread, which waits and reports; the clients run on the
 * threads that bring them outcomes, and on the timers'.
 *
 * <p>Measured is, in a closed loop, what completes within the window; at a fixed rate, what is due
 * within the window, however late it completes. Errors and conflicts are counted from the first
 * operation on.
 */
public final class LoadRun {
  /** No index. */
  static final long NONE = -1;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Of a limited number of operations, the part that the warm-up may use: one in so many. */
  private static final int WARM_UP_PART = 5;

  private final Workload workload;
  private final Plan plan;
  private final ScheduledExecutorService timers;
  private final LongSupplier clock;
  private final UsageProbe probe;
  private final Pace pace;
  private final List<Series> series;
  private final List<Meter> meters;
  private final long limit;
  private final Window window = new Window();
  private final Errors errors = new Errors();
  private final LongAdder conflicts = new LongAdder();
  private final AtomicLong claimed = new AtomicLong();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong measured = new AtomicLong();

  /** Nanoseconds from the start to the completion of the last measured operation. */
  private final LongAccumulator lastMeasured = new LongAccumulator(Math::max, 0);

  /** Touched by the thread that executes. */
  private final Timeline timeline = new Timeline();

  /** Guards nothing; notified when the waiting thread should look again. */
  private final Object changes = new Object();

  /** Written before the first client runs. */
  private volatile long start;

  private volatile boolean stopped;

  /**
   * A run yet to be executed, once.
   *
   * @param workload neither prepared nor closed yet; the run prepares it, the caller closes it
   * @param timers run what is due later; not closed by the run
   * @param clock nanoseconds from an arbitrary point, the same as the workload's
   * @param probe sampled at both ends of the window
   */
  public LoadRun(
      Workload workload,
      Plan plan,
      ScheduledExecutorService timers,
      LongSupplier clock,
      UsageProbe probe) {
    this.workload = workload;
    this.plan = plan;
    this.timers = timers;
    this.clock = clock;
    this.probe = probe;
    this.pace = new Pace(plan.rate() > 0 ? plan.rate() : workload.rate());
    this.series = workload.series();
    this.meters = Stream.generate(Meter::new).limit(series.size()).toList();
    this.limit = workload.limit();
  }

  /**
   * Prepares the workload and drives it; returns when the last outcome is there, or the time for it
   * is over.
   *
   * @param progress told about once a second how far the run is, by this thread
   * @throws dev.brain.bench.workload.WorkloadException if the workload cannot be prepared
   */
  public LoadResult execute(Progress progress) throws InterruptedException {
    progress.at(Progress.Phase.PREPARING, 0, 0, 0);
    workload.prepare(new Events());
    start = clock.getAsLong();
    window.open(start + plan.warmUp().toNanos(), plan.duration().toNanos());
    for (int i = 0; i < plan.clients(); i++) {
      timers.execute(new LoadClient(this, i, start)::advance);
    }
    await(progress, Progress.Phase.WARMING_UP, window::start);
    UsageProbe.Sample before = probe.sample(clock.getAsLong());
    await(progress, Progress.Phase.MEASURING, window::end);
    UsageProbe.Sample after = probe.sample(clock.getAsLong());
    Duration patience = plan.timeout();
    await(
        progress,
        Progress.Phase.ENDING,
        () -> hasAllOutcomes() ? now() : window.end() + patience.toNanos());
    stopped = true;
    long unanswered = Math.max(0, expected() - completed.get());
    List<String> faults = new ArrayList<>(workload.finish());
    if (errors.total() > plan.maxErrors()) {
      faults.add("the run was ended early: more than " + plan.maxErrors() + " errors");
    }
    return result(unanswered, faults, before, after);
  }

  /** Waits for a time that may move nearer meanwhile. */
  private void await(Progress progress, Progress.Phase phase, LongSupplier time)
      throws InterruptedException {
    while (true) {
      synchronized (changes) {
        long left = time.getAsLong() - now();
        if (left <= 0) {
          return;
        }
        TimeUnit.NANOSECONDS.timedWait(changes, Math.min(TICK_NANOS, left));
      }
      double seconds = (now() - start) / NANOS_PER_SECOND;
      timeline.add(seconds, completed.get());
      progress.at(phase, seconds, completed.get(), errors.total());
    }
  }

  private boolean hasAllOutcomes() {
    return completed.get() >= expected();
  }

  /** How many operations must have an outcome at the end. */
  private long expected() {
    return pace.fixed() ? Math.min(limit, pace.dueBefore(start, window.end())) : begun.get();
  }

  private LoadResult result(
      long unanswered, List<String> faults, UsageProbe.Sample before, UsageProbe.Sample after) {
    long length = window.end() - window.start();
    if (pace.fixed()) {
      length = Math.max(length, start + lastMeasured.get() - window.start());
    }
    double seconds = length / NANOS_PER_SECOND;
    List<SeriesResult> results = new ArrayList<>();
    for (int i = 0; i < meters.size(); i++) {
      results.add(
          SeriesResult.of(
              series.get(i), meters.get(i).histogram(), meters.get(i).units(), seconds));
    }
    @Nullable Usage server = Usage.between(before.server(), after.server(), before, after);
    @Nullable Usage client = Usage.between(before.client(), after.client(), before, after);
    return new LoadResult(
        seconds,
        pace.rate(),
        results,
        timeline.ticks(),
        errors.counts(),
        conflicts.sum(),
        unanswered,
        faults,
        server,
        client);
  }

  /** Ends the window now; to be called by any thread, also before the window has started. */
  public void end() {
    window.endNow(now());
    changed();
  }

  // ---- for the clients ----

  long now() {
    return clock.getAsLong();
  }

  /** The index of the next operation, or NONE if there is none for this client any more. */
  long claim() {
    long now = now();
    if (stopped || (!pace.fixed() && hasEnded(now))) {
      return NONE;
    }
    long index = claimed.getAndIncrement();
    if (index >= limit || (pace.fixed() && hasEnded(due(index, now)))) {
      return NONE;
    }
    if (limit != Long.MAX_VALUE && index == limit / WARM_UP_PART) {
      window.startNow(now);
      changed();
    }
    return index;
  }

  long due(long index, long now) {
    return pace.due(index, start, now);
  }

  /** Whether an operation that is due may still start. */
  boolean begin(long now) {
    if (stopped || (!pace.fixed() && hasEnded(now))) {
      return false;
    }
    begun.incrementAndGet();
    return true;
  }

  /** Starts an operation; its outcome may come before this returns. */
  void start(int client, long index, Completion completion) {
    try {
      workload.start(client, index, completion);
    } catch (RuntimeException e) {
      // Whatever a workload throws, its client must not be lost.
      completion.failed(e.toString());
    }
  }

  void wake(Runnable client, long delayNanos) {
    var _ = timers.schedule(client, delayNanos, TimeUnit.NANOSECONDS);
  }

  void succeeded(int inSeries, long due, long units) {
    long now = now();
    if (window.contains(pace.fixed() ? due : now)) {
      meters.get(inSeries).record(now - due, units);
      lastMeasured.accumulate(now - start);
      if (measured.incrementAndGet() == plan.count()) {
        window.endNow(now);
        changed();
      }
    }
    completed(now);
  }

  void conflicted() {
    conflicts.increment();
    completed(now());
  }

  void failed(String error) {
    errors.add(error);
    long now = now();
    if (errors.total() > plan.maxErrors()) {
      stopped = true;
      window.endNow(now);
      changed();
    }
    completed(now);
  }

  private void completed(long now) {
    if (completed.incrementAndGet() == limit) {
      window.endNow(now);
      changed();
    } else if (hasEnded(now)) {
      changed();
    }
  }

  private boolean hasEnded(long time) {
    return time - window.end() >= 0;
  }

  private void changed() {
    synchronized (changes) {
      changes.notifyAll();
    }
  }

  /** What arrives beside the operations is measured within the window. */
  private final class Events implements EventSink {
    @Override
    public void arrived(int inSeries, long begunAt) {
      long now = now();
      if (window.contains(now)) {
        meters.get(inSeries).record(now - begunAt, 1);
      }
    }
  }
}
