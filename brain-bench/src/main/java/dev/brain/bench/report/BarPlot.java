// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import java.util.List;

/** Draws how two servers compare: the ratio of each workload as a bar beside the line of 1. */
final class BarPlot {
  private static final int WIDTH = 700;
  private static final int LEFT = 300;
  private static final int RIGHT = WIDTH - 80;
  private static final int TOP = 30;
  private static final int BAR = 14;
  private static final int ROW = 20;
  private static final int TEXT = 11;
  private static final String BETTER = "#2a7f4f";
  private static final String WORSE = "#b8452f";

  private BarPlot() {}

  /**
   * One bar.
   *
   * @param ratio above 0
   */
  record Bar(String label, double ratio) {}

  /** Bars one below the other, on a logarithmic axis: half is as far from 1 as twice. */
  static String ratios(String title, List<Bar> bars) {
    int bottom = TOP + ROW * bars.size();
    double least = bars.stream().mapToDouble(Bar::ratio).min().orElse(1);
    double greatest = bars.stream().mapToDouble(Bar::ratio).max().orElse(1);
    Axis x = Axis.logarithmic(Math.min(least, 0.99), Math.max(greatest, 1.01), LEFT, RIGHT);
    Svg svg = new Svg(WIDTH, bottom + ROW);
    svg.text(0, TEXT, Svg.Anchor.START, title);
    for (double tick : x.ticks()) {
      svg.line(x.place(tick), TOP, x.place(tick), bottom, "#ddd");
      svg.text(x.place(tick), bottom + TEXT, Svg.Anchor.MIDDLE, Axis.label(tick));
    }
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double y = TOP + i * (double) ROW;
      double from = Math.min(x.place(1), x.place(bar.ratio));
      double to = Math.max(x.place(1), x.place(bar.ratio));
      svg.rectangle(from, y, to - from, BAR, bar.ratio >= 1 ? BETTER : WORSE);
      svg.text(LEFT - 5, y + TEXT, Svg.Anchor.END, bar.label);
      svg.text(to + 5, y + TEXT, Svg.Anchor.START, Axis.label(Math.round(bar.ratio * 100) / 100.0));
    }
    svg.line(x.place(1), TOP, x.place(1), bottom, "#333");
    return svg.finish();
  }
}
