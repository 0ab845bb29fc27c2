// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/**
 * Writes one picture as SVG that needs nothing else: shapes and texts, in pixels from the upper
 * left corner. Used by one thread.
 */
final class Svg {
  private static final int FONT_PIXELS = 11;

  private final StringBuilder text = new StringBuilder();

  Svg(int width, int height) {
    append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"%d\">%n",
        width, height, width, height, FONT_PIXELS);
  }

  /** Where a text stands beside its point. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  void line(double x1, double y1, double x2, double y2, String color) {
    append(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
        x1, y1, x2, y2, color);
  }

  void rectangle(double x, double y, double width, double height, String color) {
    append(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
        x, y, width, height, color);
  }

  /** A line through points, given as x, y, x, y, and so on; dashed or not. */
  void path(double[] points, String color, boolean dashed) {
    StringBuilder coordinates = new StringBuilder();
    for (int i = 0; i < points.length; i += 2) {
      coordinates.append(String.format(Locale.ROOT, "%.1f,%.1f ", points[i], points[i + 1]));
    }
    append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s/>%n",
        coordinates.toString().strip(), color, dashed ? " stroke-dasharray=\"5 3\"" : "");
  }

  void text(double x, double y, Anchor anchor, String words) {
    append(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        x, y, anchor.name().toLowerCase(Locale.ROOT), escape(words));
  }

  /** The picture; nothing can be added afterwards. */
  String finish() {
    return text.append("</svg>").append(System.lineSeparator()).toString();
  }

  /** Words as they stand in XML and HTML, also in an attribute. */
  static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @FormatMethod
  private void append(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments));
  }
}
