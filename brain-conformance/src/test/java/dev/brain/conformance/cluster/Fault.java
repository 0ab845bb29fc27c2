// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import java.util.Random;

/**
 * A kind of fault.
 *
 * @param name what the report calls it
 * @param lasts how long it lasts, in milliseconds
 * @param hit makes it; returns how it is mended
 */
record Fault(String name, long lasts, Hit hit) {

  /** What makes a fault. */
  interface Hit {
    /** Chooses whom it befalls, if that is open, and returns how it is mended. */
    Runnable on(Random random);
  }
}
