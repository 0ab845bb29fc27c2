// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/**
 * A walk over a range of a snapshot. For one thread.
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
   * The key of the current entry, as a new array that the caller owns. Legal only after {@link
   * #next()} returned true.
   */
  byte[] key();

  /**
   * The value of the current entry, as a new array that the caller owns. Legal only after {@link
   * #next()} returned true.
   */
  byte[] value();

  /**
   * Copies the beginning of the current value without creating an array for all of it.
   *
   * @param target receives as many bytes as fit
   * @return the length of the whole value, which may be more than was copied
   */
  int value(byte[] target);

  /** Ends the walk. Closing again does nothing. */
  @Override
  void close();
}
