// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.EngineException;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Row;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Which rows make the rows of another store a store of its own. For one thread. */
public final class StoreCopy {
  private final long revision;
  private final boolean compacted;
  private final RandomGenerator random;

  /**
   * A copy.
   *
   * @param revision the newest revision that the copy may have used; its first one is above it
   * @param compacted whether everything up to there is to count as compacted
   * @param random makes the new ids
   */
  public StoreCopy(long revision, boolean compacted, RandomGenerator random) {
    this.revision = revision;
    this.compacted = compacted;
    this.random = random;
  }

  /** Puts a mark on which no store opens. */
  public void begin(WriteBatch batch) {
    batch.put(Space.META, MetaKeys.FORMAT, MetaKeys.number(Recovery.INCOMPLETE_FORMAT));
  }

  /**
   * Whether a row of the other store is to be copied. The others are made anew, or are of the other
   * cluster and not of its store: its members, its election, its epoch and fences.
   */
  public boolean isCopied(Space space, byte[] key) {
    return space != Space.META || MetaKeys.isData(key);
  }

  /** Replaces the mark by what makes the rows a store, with ids and a revision of its own. */
  public void finish(WriteBatch batch) {
    batch
        .put(Space.META, MetaKeys.FORMAT, MetaKeys.number(Recovery.FORMAT_VERSION))
        .put(Space.META, MetaKeys.CLUSTER_ID, MetaKeys.number(Recovery.id(random)))
        .put(Space.META, MetaKeys.MEMBER_ID, MetaKeys.number(Recovery.id(random)))
        .put(Space.META, MetaKeys.REVISION_FLOOR, MetaKeys.number(revision));
    if (compacted) {
      batch.put(Space.META, MetaKeys.COMPACT_REVISION, MetaKeys.number(revision));
    }
  }

  /** Finds the newest revision among rows as they pass by. For one thread. */
  public static final class Revisions {
    private long newest = Recovery.FIRST_REVISION;
    private boolean store;

    /**
     * Looks at a row.
     *
     * @throws EngineException.Corrupted if it is none of a store
     */
    public void row(Space space, byte[] key, byte[] value) {
      try {
        switch (space) {
          case META -> meta(key, value);
          case HEAD, HISTORY -> Row.decode(value);
          case LOG -> {
            if (key.length != RowKeys.LOG_KEY_BYTES) {
              throw new IllegalArgumentException("log key of " + key.length + " bytes");
            }
            LogEntry.decode(value);
            newest = Math.max(newest, RowKeys.logRevision(key));
          }
        }
      } catch (IllegalArgumentException e) {
        throw new EngineException.Corrupted(String.valueOf(e.getMessage()), e);
      }
    }

    private void meta(byte[] key, byte[] value) {
      if (Arrays.equals(key, MetaKeys.FORMAT)) {
        store = MetaKeys.number(key, value) == Recovery.FORMAT_VERSION;
      } else if (Arrays.equals(key, MetaKeys.COMPACT_REVISION)
          || Arrays.equals(key, MetaKeys.REVISION_FLOOR)) {
        newest = Math.max(newest, MetaKeys.number(key, value));
      }
    }

    /** Whether the rows are those of a store that this program reads. */
    public boolean isStore() {
      return store;
    }

    /** The newest revision that the store may have used; at least 1. */
    public long newest() {
      return newest;
    }
  }
}
