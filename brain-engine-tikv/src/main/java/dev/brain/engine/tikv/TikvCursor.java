// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.Cursor;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Space;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.KvPair;
import org.tikv.shade.com.google.protobuf.ByteString;

/** A walk in pages. For one thread. */
final class TikvCursor implements Cursor {
  /*
   * A page holds so many rows as make about a MiB, as far as the rows before tell; TiKV takes no bound
   * in bytes. The first is small, or as long as the caller expects.
   */
  private static final int PAGE_BYTES = 1 << 20;

  private static final int MIN_ROWS = 8;
  private static final int FIRST_ROWS = 64;
  private static final int MAX_ROWS = 4_096;

  private final TikvSnapshot snapshot;
  private final Keyspace keyspace;
  private final ScanOptions options;
  private @Nullable ByteString start;
  private @Nullable ByteString end;
  private int limit;
  private List<KvPair> page = List.of();
  private int place = -1;
  private boolean closed;

  /** A walk before its first entry. */
  TikvCursor(
      TikvSnapshot snapshot, Keyspace keyspace, Space space, KeyRange range, ScanOptions options) {
    this.snapshot = snapshot;
    this.keyspace = keyspace;
    this.options = options;
    if (!range.isEmpty()) {
      start = keyspace.start(space, range);
      end = keyspace.end(space, range);
    }
    limit =
        options.expected() == 0
            ? FIRST_ROWS
            : Math.clamp(options.expected(), 1, options.keysOnly() ? MAX_ROWS : FIRST_ROWS);
  }

  @Override
  public boolean next() {
    requireOpen();
    if (place < page.size()) {
      place++;
    }
    while (place >= page.size()) {
      ByteString from = start;
      ByteString to = end;
      if (from == null || to == null) {
        page = List.of();
        place = 0;
        return false;
      }
      load(from, to);
    }
    return true;
  }

  private void load(ByteString from, ByteString to) {
    Reader.Page loaded = snapshot.page(from, to, options.reverse(), options.keysOnly(), limit);
    page = loaded.pairs();
    place = 0;
    if (options.reverse()) {
      end = loaded.rest();
    } else {
      start = loaded.rest();
    }
    long bytes = page.stream().mapToLong(KvPair::getSerializedSize).sum();
    if (bytes > 0) {
      limit = Math.clamp(PAGE_BYTES * (long) page.size() / bytes, MIN_ROWS, MAX_ROWS);
    }
  }

  @Override
  public byte[] key() {
    return keyspace.userKey(entry().getKey());
  }

  @Override
  public byte[] value() {
    return entry().getValue().toByteArray();
  }

  @Override
  public int value(byte[] target) {
    ByteString value = entry().getValue();
    value.substring(0, Math.min(value.size(), target.length)).copyTo(target, 0);
    return value.size();
  }

  private KvPair entry() {
    requireOpen();
    if (place < 0 || place >= page.size()) {
      throw new IllegalStateException("the cursor is at no entry");
    }
    return page.get(place);
  }

  private void requireOpen() {
    if (closed) {
      throw new EngineException.Closed("the cursor is closed");
    }
    snapshot.requireUsable();
  }

  @Override
  public void close() {
    closed = true;
    page = List.of();
  }
}
