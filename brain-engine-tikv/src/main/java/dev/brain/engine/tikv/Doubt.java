// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.Fate;
import org.tikv.shade.com.google.protobuf.ByteString;

/** A commit of which is not known what became of it, and how to find out. Thread-safe. */
final class Doubt {
  private final ByteString primary;
  private final long startedAt;
  private volatile Fate fate = Fate.STILL_UNKNOWN;

  Doubt(ByteString primary, long startedAt) {
    this.primary = primary;
    this.startedAt = startedAt;
  }

  /** The key that decides. */
  ByteString primary() {
    return primary;
  }

  long startedAt() {
    return startedAt;
  }

  Fate fate() {
    return fate;
  }

  /** Ends the doubt. It is remembered, since TiKV forgets in time what became of old commits. */
  void end(Fate found) {
    fate = found;
  }
}
