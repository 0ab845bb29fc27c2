// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

/**
 * Receives the answer of an asynchronous request, once: either method is called exactly one time,
 * on the caller's thread or on a thread of the store. Must be quick and must not block or throw.
 */
public interface Completion<T> {
  /** The request was carried out and is visible. */
  void complete(T result);

  /** The request has no result. */
  void fail(Failure failure);
}
