// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

/**
 * The keys from {@code key} to before {@code end}.
 *
 * @param end empty for the one key; {@code "\0"} for all keys from {@code key} on
 */
public record Span(String key, String end) {
  /** All keys. */
  public static final Span ALL = new Span("\0", "\0");

  /** One key. */
  public static Span of(String key) {
    return new Span(key, "");
  }

  /** All keys that begin with {@code prefix}, whose last character is not 255. */
  public static Span prefix(String prefix) {
    int last = prefix.length() - 1;
    return new Span(prefix, prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
  }

  /** Whether it has the key. */
  public boolean contains(String other) {
    if (end.isEmpty()) {
      return other.equals(key);
    }
    return other.compareTo(key) >= 0 && (end.equals("\0") || other.compareTo(end) < 0);
  }

  @Override
  public String toString() {
    return (end.isEmpty() ? key : "[" + key + ", " + end + ")").replace("\0", "\\0");
  }
}
