// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.Fate;

/** A commit that RocksDB neither did nor refused, as far as it says. Guarded by the commit lock. */
final class Doubt {
  private final long number;
  private Fate fate = Fate.STILL_UNKNOWN;

  /**
   * A commit in doubt.
   *
   * @param number the number that the commit has if it is there
   */
  Doubt(long number) {
    this.number = number;
  }

  /** Ends the doubt by what a database holds that was opened since. */
  void end(long newest) {
    fate = newest >= number ? Fate.COMMITTED : Fate.NOT_COMMITTED;
  }

  Fate fate() {
    return fate;
  }
}
