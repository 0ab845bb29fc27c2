// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Everything that one engine needs to reach its keyspace, put together. Thread-safe. */
final class Connection implements AutoCloseable {
  /** One request gets a third of what a call has, so that a second store can be tried. */
  private static final int TRIES_PER_CALL = 3;

  /** The first requests take longer: classes are loaded and connections made. */
  private static final Duration MIN_OPENING = Duration.ofSeconds(5);

  private static final long MAX_COLLECTION_SECONDS = 300;

  private final TikvSettings settings;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer;
  private final ExecutorService executor;
  private final Channels channels;
  private final Keyspace keyspace;
  private final TimestampOracle oracle;
  private final Reader reader;
  private final Committer committer;
  private final Inventory inventory;
  private final GarbageCollector collector;

  /**
   * Connects to nothing yet.
   *
   * @param random thread-safe
   * @param addresses where to find a server that calls itself so
   * @throws EngineException.InvalidSettings if the files for TLS are not what they should be
   */
  Connection(TikvSettings settings, RandomGenerator random, UnaryOperator<String> addresses) {
    this.settings = settings;
    this.random = random;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tikv-timer").factory());
    executor = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tikv-", 0).factory());
    Duration patience = settings.requestTimeout().dividedBy(TRIES_PER_CALL);
    try {
      channels = new Channels(tls(settings.files()), addresses);
    } catch (RuntimeException e) {
      timer.shutdownNow();
      executor.shutdownNow();
      throw e;
    }
    PlacementDriver driver = new PlacementDriver(settings.endpoints(), channels, patience);
    Regions regions = new Regions(driver);
    keyspace = new Keyspace(settings.keyspace());
    oracle = new TimestampOracle(driver, patience);
    Stores stores = new Stores(regions, channels, executor, patience);
    Locks locks = new Locks(stores, oracle);
    reader = new Reader(stores, locks);
    Background background = new Background(executor, this::budget);
    committer = new Committer(keyspace, oracle, reader, stores, locks, background, this::budget);
    inventory = new Inventory(driver, regions, keyspace);
    collector =
        new GarbageCollector(driver, oracle, stores, locks, settings.garbageLife(), this::budget);
  }

  private @Nullable Tls tls(TikvSettings.@Nullable Files files) {
    return files == null
        ? null
        : Tls.read(files.authority(), files.certificate(), files.key(), timer);
  }

  /**
   * Looks whether the keyspace is there and as it should be, and begins what is done from time to
   * time.
   *
   * @throws EngineException.Unavailable if that could not be found out in a few seconds
   * @throws EngineException.Corrupted if a newer program wrote the keyspace
   */
  void begin() {
    Duration time = settings.requestTimeout();
    committer.claimFormat(new Budget(time.compareTo(MIN_OPENING) < 0 ? MIN_OPENING : time, random));
    if (settings.collectsGarbage()) {
      long period = Math.clamp(settings.garbageLife().toSeconds() / 2, 1, MAX_COLLECTION_SECONDS);
      // It answers for its failures itself.
      Future<?> _ =
          timer.scheduleWithFixedDelay(collector::stepIfDue, period, period, TimeUnit.SECONDS);
    }
  }

  /** What a call that begins now may take. */
  Budget budget() {
    return new Budget(settings.requestTimeout(), random);
  }

  TikvSettings settings() {
    return settings;
  }

  Keyspace keyspace() {
    return keyspace;
  }

  TimestampOracle oracle() {
    return oracle;
  }

  Reader reader() {
    return reader;
  }

  Committer committer() {
    return committer;
  }

  Inventory inventory() {
    return inventory;
  }

  GarbageCollector collector() {
    return collector;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    executor.shutdown();
    try {
      // What runs now only clears locks away; who meets them does it else.
      if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException _) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
    channels.close();
  }
}
