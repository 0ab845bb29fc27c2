// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

/** What is served at a path. Thread-safe. */
@FunctionalInterface
public interface Page {
  /** Answers a request; may block. */
  Answer answer(Request request);
}
