// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import dev.brain.engine.Space;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The layout of a snapshot file. */
final class SnapshotFormat {
  /*
   *   magic      8 bytes   BRAINSNP
   *   version    4 bytes   1
   *   rows       each: space id (1), key length (4), value length (4), key, value
   *   end        1 byte    e
   *   row count  8 bytes
   *   padding    zeros, up to a multiple of 512 bytes
   *   hash       32 bytes  SHA-256 of everything before
   *
   * Integers are big-endian. Rows are in the order of SPACES and, within a space, of their keys. The
   * padding is for etcdctl, which takes a file for complete if 32 bytes are left after blocks of 512.
   */

  static final byte[] MAGIC = "BRAINSNP".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
  static final byte END = 'e';
  static final int BLOCK_BYTES = 512;
  static final int HASH_BYTES = 32;

  /** What comes first tells what the rest is. */
  static final List<Space> SPACES = List.of(Space.META, Space.HEAD, Space.HISTORY, Space.LOG);

  /** No key or value is longer; a longer one in a file is a fault, not a reason to take memory. */
  static final int MAX_LENGTH = 256 << 20;

  private SnapshotFormat() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
