// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

/**
 * From when the time of a lease is counted. All that keeps two nodes from leading at once is in
 * {@link #SOUND}; the simulation shows that any other choice is caught.
 */
interface LeaseCounting {
  /**
   * The leader counts from before its write can have been seen, everybody else from after what they
   * saw was written. So the leader's time is over first.
   */
  LeaseCounting SOUND =
      new LeaseCounting() {
        @Override
        public long leader(long sent, long answered) {
          return sent;
        }

        @Override
        public long others(long sent, long answered) {
          return answered;
        }
      };

  /** From when the leader counts a write of its own. */
  long leader(long sent, long answered);

  /** From when the others count a record as unchanged that they saw for the first time. */
  long others(long sent, long answered);
}
