// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

/** What came of one request to a region. */
sealed interface Answer<R> {

  /** The store did what was asked, or says for which keys it did not. */
  record Given<R>(R response) implements Answer<R> {}

  /** The store did nothing: the region is elsewhere, has changed, or is busy. Try again. */
  record Refused<R>(String reason) implements Answer<R> {}

  /** The store may do it, may have done it, or will never do it. */
  record Lost<R>(String reason) implements Answer<R> {}
}
