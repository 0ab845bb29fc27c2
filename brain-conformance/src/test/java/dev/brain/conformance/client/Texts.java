// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TextFormat;

/** Messages as text for people. */
public final class Texts {
  private static final int LONGEST = 2_000;

  private Texts() {}

  /** A message in one line, cut after 2,000 characters. */
  public static String oneLine(MessageOrBuilder message) {
    return cut(TextFormat.printer().emittingSingleLine(true).printToString(message));
  }

  /** {@code text}, cut after 2,000 characters. */
  public static String cut(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
  }
}
