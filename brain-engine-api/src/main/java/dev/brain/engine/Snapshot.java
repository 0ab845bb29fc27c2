// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consistent, unchanging view of all spaces at one moment.
 *
 * <p>Thread-safe, but its cursors are not. Throws {@link EngineException.Closed} when it or its
 * engine is closed. Keep it short: an open snapshot holds back the reclaiming of storage. Byte
 * arrays handed out belong to the caller.
 */
public interface Snapshot extends AutoCloseable {

  /** The value of one key, possibly empty, or null if it is absent. */
  byte @Nullable [] get(Space space, byte[] key);

  /**
   * The values of several keys.
   *
   * @param keys any number of keys in any order, repeats allowed
   * @return one entry per asked key, in the order asked; null entries for absent keys
   */
  List<byte @Nullable []> multiGet(Space space, List<byte[]> keys);

  /**
   * Walks a range in key order.
   *
   * @param range what to walk; an empty range gives an empty cursor
   * @return a cursor before the first entry, which the caller must close before this snapshot
   */
  Cursor scan(Space space, KeyRange range, ScanOptions options);

  /** Releases the view. Closing again does nothing; open cursors become invalid. */
  @Override
  void close();
}
