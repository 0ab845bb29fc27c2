// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import java.util.List;
import java.util.function.DoubleFunction;

/** Draws lines over two axes, with a legend below. */
final class LinePlot {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final int LEFT = 60;
  private static final int RIGHT = WIDTH - 15;
  private static final int TOP = 25;
  private static final int BOTTOM = HEIGHT - 40;
  private static final int LEGEND_LINE = 15;
  private static final int LEGEND_COLUMN = 260;
  private static final int TEXT = 4;
  private static final String GRID = "#ddd";

  private LinePlot() {}

  /**
   * One line.
   *
   * @param label for the legend
   * @param color of SVG
   * @param points as x, y, x, y, and so on, in values
   */
  record Line(String label, String color, boolean dashed, double[] points) {

    double greatest(int of) {
      double greatest = 0;
      for (int i = of; i < points.length; i += 2) {
        greatest = Math.max(greatest, points[i]);
      }
      return greatest;
    }
  }

  /** Values over seconds, both from 0. */
  static String overTime(String title, List<Line> lines) {
    Axis x = Axis.linear(greatest(lines, 0), LEFT, RIGHT);
    Axis y = Axis.linear(greatest(lines, 1), BOTTOM, TOP);
    return draw(title, lines, x, y, x.ticks(), Axis::label);
  }

  /**
   * Milliseconds over percentiles. The percentiles lie so that each further nine is as far as the
   * one before, which is where servers differ.
   */
  static String percentiles(String title, List<Line> lines) {
    double least = Double.MAX_VALUE;
    for (Line line : lines) {
      for (int i = 1; i < line.points.length; i += 2) {
        least = Math.min(least, line.points[i]);
      }
    }
    double greatest = Math.max(greatest(lines, 1), 0.01);
    Axis x = new Axis(1, 1e4, /* logarithmic= */ true, LEFT, RIGHT);
    Axis y = Axis.logarithmic(Math.clamp(least, 0.001, greatest), greatest, BOTTOM, TOP);
    List<Line> placed = lines.stream().map(LinePlot::byNines).toList();
    return draw(title, placed, x, y, x.ticks(), LinePlot::percent);
  }

  private static Line byNines(Line line) {
    double[] points = line.points.clone();
    for (int i = 0; i < points.length; i += 2) {
      points[i] = 100 / (100 - points[i]);
    }
    return new Line(line.label, line.color, line.dashed, points);
  }

  private static String percent(double oneIn) {
    return "p" + Axis.exact(100 - 100 / oneIn);
  }

  private static double greatest(List<Line> lines, int of) {
    return lines.stream().mapToDouble(line -> line.greatest(of)).max().orElse(0);
  }

  private static String draw(
      String title,
      List<Line> lines,
      Axis x,
      Axis y,
      List<Double> marks,
      DoubleFunction<String> label) {
    int legend = (lines.size() + 1) / 2 * LEGEND_LINE;
    Svg svg = new Svg(WIDTH, HEIGHT + legend);
    svg.text(LEFT, TOP - 10, Svg.Anchor.START, title);
    for (double mark : marks) {
      svg.line(x.place(mark), TOP, x.place(mark), BOTTOM, GRID);
      svg.text(x.place(mark), BOTTOM + LEGEND_LINE, Svg.Anchor.MIDDLE, label.apply(mark));
    }
    for (double mark : y.ticks()) {
      svg.line(LEFT, y.place(mark), RIGHT, y.place(mark), GRID);
      svg.text(LEFT - TEXT, y.place(mark) + TEXT, Svg.Anchor.END, Axis.label(mark));
    }
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      double[] points = line.points.clone();
      for (int j = 0; j < points.length; j += 2) {
        points[j] = x.place(points[j]);
        points[j + 1] = y.place(points[j + 1]);
      }
      svg.path(points, line.color, line.dashed);
      int row = i / 2;
      int column = i % 2;
      double left = LEFT + (double) column * LEGEND_COLUMN;
      double top = BOTTOM + (row + 2.5) * LEGEND_LINE;
      svg.path(new double[] {left, top, left + 25, top}, line.color, line.dashed);
      svg.text(left + 30, top + TEXT, Svg.Anchor.START, line.label);
    }
    return svg.finish();
  }
}
