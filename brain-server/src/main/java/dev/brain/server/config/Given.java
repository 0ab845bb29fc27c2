// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

/**
 * A value that the operator has given.
 *
 * @param source where it stands, as the operator would look for it: {@code --name}, {@code
 *     BRAIN_NAME}, {@code brain.yaml: name}
 * @param text the value
 */
record Given(String source, String text) {
  /** Says what is wrong with it, in one line. */
  String fault(String expected) {
    return source + ": " + (text.isEmpty() ? "\"\"" : text) + " (expected: " + expected + ")";
  }
}
