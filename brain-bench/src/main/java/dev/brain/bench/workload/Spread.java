// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

/** Turns the running number of an operation into a choice that looks random and is repeatable. */
final class Spread {

  private Spread() {}

  /** The finalizer of SplitMix64: every bit of the result depends on every bit of the number. */
  static long mix(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A number from 0 to {@code bound} - 1. */
  static long choose(long number, long bound) {
    return Long.remainderUnsigned(mix(number), bound);
  }
}
