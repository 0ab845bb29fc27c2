// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

/** Says how large an answer may become, while it is read. For one thread. */
public interface ReadMeter {
  /** Lets every answer become as large as it is. */
  ReadMeter UNLIMITED = bytes -> true;

  /**
   * Takes note of a key-value that is kept for the answer.
   *
   * @param bytes the bytes of its key and row
   * @return whether to read on; if not, the read ends without an answer
   */
  boolean take(long bytes);
}
