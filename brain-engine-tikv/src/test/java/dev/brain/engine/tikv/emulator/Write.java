// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * What a transaction left behind at a key when it ended: a version, or only the fact.
 *
 * @param commitTs when it took effect; of a rollback the start of its transaction
 * @param value empty unless it is a {@link Kind#PUT}
 * @param overlapped that the transaction that <em>started</em> at {@code commitTs} was rolled back
 *     here, where its rollback found this record in its place
 * @param guarded of a rollback: that later ones may not sweep it away
 */
record Write(
    Kind kind, long startTs, long commitTs, ByteString value, boolean overlapped, boolean guarded) {
  enum Kind {
    PUT,
    DELETE,
    LOCK,
    ROLLBACK
  }

  static Write committed(Kind kind, long startTs, long commitTs, ByteString value) {
    return new Write(kind, startTs, commitTs, value, false, false);
  }

  static Write rollback(long startTs, boolean guarded) {
    return new Write(Kind.ROLLBACK, startTs, startTs, ByteString.EMPTY, false, guarded);
  }

  Write withOverlappedRollback() {
    return new Write(kind, startTs, commitTs, value, true, guarded);
  }

  boolean isRollback() {
    return kind == Kind.ROLLBACK;
  }
}
