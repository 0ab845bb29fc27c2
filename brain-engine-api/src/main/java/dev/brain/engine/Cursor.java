// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/**
 * A walk over a range of a snapshot. For one thread. Throws {@link EngineException.Closed} when it,
 * its snapshot or its engine is closed.
 *
 * <p>A walk never ends early in silence: if the engine meets damaged data, {@link #next()} throws
 * {@link EngineException.Corrupted} instead of returning false.
 */
public interface Cursor extends AutoCloseable {

  /**
   * Moves to the next entry; the first call moves to the first one.
   *
   * @return whether there is one; once false, always false
   */
  boolean next();

  /**
   * The key of the current entry, as a new array that the caller owns.
   *
   * @throws IllegalStateException if {@link #next()} was not called yet or returned false
   */
  byte[] key();

  /**
   * The value of the current entry, as a new array that the caller owns.
   *
   * @throws IllegalStateException if {@link #next()} was not called yet or returned false
   */
  byte[] value();

  /**
   * Copies the beginning of the current value without creating an array for all of it.
   *
   * @param target receives as many bytes as fit
   * @return the length of the whole value, which may be more than was copied
   * @throws IllegalStateException if {@link #next()} was not called yet or returned false
   */
  int value(byte[] target);

  /** Ends the walk. Closing again does nothing. */
  @Override
  void close();
}
