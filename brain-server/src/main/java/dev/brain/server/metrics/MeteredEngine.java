// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.metrics;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.Usage;
import dev.brain.engine.WriteBatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long an engine takes. A commit is the append to the engine's log and its fsync in
 * one, so it is shown under both of the names that etcd has for the two.
 */
public final class MeteredEngine implements Engine {
  private static final Duration[] BUCKETS =
      IntStream.range(0, 14)
          .mapToObj(power -> Duration.ofMillis(1L << power))
          .toArray(Duration[]::new);

  private final Engine engine;
  private final Timer commits;
  private final Timer syncs;
  private final Timer reclaims;

  /**
   * @param engine does the work; closed with this one
   */
  public MeteredEngine(Engine engine, MeterRegistry registry) {
    this.engine = engine;
    this.commits =
        timer(
            registry, "etcd_disk_backend_commit_duration", "How long commits of the engine took.");
    this.syncs =
        timer(
            registry,
            "etcd_disk_wal_fsync_duration",
            "How long commits of the engine took that were made durable.");
    this.reclaims =
        timer(
            registry,
            "etcd_disk_backend_defrag_duration",
            "How long giving space back to the operating system took.");
  }

  private static Timer timer(MeterRegistry registry, String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    long start = System.nanoTime();
    try {
      return engine.commit(batch);
    } finally {
      long nanos = System.nanoTime() - start;
      commits.record(nanos, TimeUnit.NANOSECONDS);
      if (batch.durability() == Durability.SYNCED) {
        syncs.record(nanos, TimeUnit.NANOSECONDS);
      }
    }
  }

  @Override
  public void reclaim() {
    reclaims.record(engine::reclaim);
  }

  @Override
  public Snapshot snapshot() {
    return engine.snapshot();
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return engine.get(space, key);
  }

  @Override
  public Fate settle(CommitOutcome.Unknown unknown) {
    return engine.settle(unknown);
  }

  @Override
  public List<byte[]> splits(Space space, KeyRange range, int parts) {
    return engine.splits(space, range, parts);
  }

  @Override
  public Usage usage() {
    return engine.usage();
  }

  @Override
  public void checkpoint(Path directory) {
    engine.checkpoint(directory);
  }

  @Override
  public void close() {
    engine.close();
  }
}
