// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.Cursor;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tikv.shade.com.google.protobuf.ByteString;

/** A timestamp to read at. */
final class TikvSnapshot implements Snapshot {
  /*
   * TiKV does not refuse a read as of a time from which versions may have been dropped; it just does
   * not find them. So a snapshot ends itself before, by the time that has passed here. It is looked at
   * after each read, since the answer may come late. The clock runs from before the timestamp was
   * given, and a part of the time is left for clocks that differ.
   */
  private final Gate gate;
  private final Keyspace keyspace;
  private final Reader reader;
  private final Supplier<Budget> budgets;
  private final Duration life;
  private final long opened;
  private final long timestamp;
  private volatile boolean closed;

  /**
   * A snapshot that is open.
   *
   * @param gate of the engine
   * @param life how long versions are kept that are not the newest
   * @param opened {@link System#nanoTime} before the timestamp was asked for
   */
  TikvSnapshot(
      Gate gate,
      Keyspace keyspace,
      Reader reader,
      Supplier<Budget> budgets,
      Duration life,
      long opened,
      long timestamp) {
    this.gate = gate;
    this.keyspace = keyspace;
    this.reader = reader;
    this.budgets = budgets;
    this.life = life.multipliedBy(9).dividedBy(10);
    this.opened = opened;
    this.timestamp = timestamp;
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    ByteString value = read(budget -> reader.get(keyspace.key(space, key), timestamp, budget));
    return value == null ? null : value.toByteArray();
  }

  @Override
  public List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
    List<ByteString> asked = keys.stream().map(key -> keyspace.key(space, key)).toList();
    Map<ByteString, ByteString> found =
        read(
            budget ->
                reader.get(
                    asked.stream().distinct().sorted(Keyspace.ORDER).toList(), timestamp, budget));
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (ByteString key : asked) {
      ByteString value = found == null ? null : found.get(key);
      values.add(value == null ? null : value.toByteArray());
    }
    return values;
  }

  @Override
  public Cursor scan(Space space, KeyRange range, ScanOptions options) {
    return gate.pass(
        () -> {
          requireOpen();
          return new TikvCursor(this, keyspace, space, range, options);
        });
  }

  /** One page of a walk. */
  Reader.Page page(ByteString start, ByteString end, boolean reverse, boolean keysOnly, int limit) {
    Reader.Page page =
        read(budget -> reader.scan(start, end, reverse, keysOnly, limit, timestamp, budget));
    if (page == null) {
      throw new IllegalStateException("no page");
    }
    return page;
  }

  private <T> @Nullable T read(Function<Budget, @Nullable T> reading) {
    return gate.pass(
        () -> {
          requireOpen();
          T result = reading.apply(budgets.get());
          requireOpen();
          return result;
        });
  }

  /**
   * Throws if this snapshot was closed or is too old; the engine's gate is the caller's business.
   */
  private void requireOpen() {
    if (closed) {
      throw new EngineException.Closed("the snapshot is closed");
    }
    if (System.nanoTime() - opened > life.toNanos()) {
      throw new EngineException.Unavailable(
          "the snapshot is older than "
              + life.toSeconds()
              + " s, which "
              + TikvSettings.GARBAGE_COLLECTION_LIFE
              + " allows",
          null);
    }
  }

  /** Throws if this snapshot or its engine was closed. */
  void requireUsable() {
    gate.requireOpen();
    if (closed) {
      throw new EngineException.Closed("the snapshot is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
