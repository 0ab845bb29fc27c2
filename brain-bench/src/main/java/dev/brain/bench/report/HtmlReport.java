// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import com.google.errorprone.annotations.FormatMethod;
import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.SeriesResult;
import dev.brain.bench.load.Timeline;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Writes measurements and comparisons as one page for people: plots of latency and of throughput
 * over time, bars of ratios, and the figures. The page needs nothing from elsewhere and runs no
 * script.
 */
public final class HtmlReport {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <title>brain bench</title>
      <style>
      body { font-family: sans-serif; margin: 2em; max-width: 75em; }
      table { border-collapse: collapse; margin: 1em 0; }
      td, th { border-bottom: 1px solid #ddd; padding: 0.2em 0.8em; text-align: right; }
      td:first-child, th:first-child { text-align: left; }
      .fault { color: #b8452f; }
      </style>
      </head>
      <body>
      <h1>brain bench</h1>
      """;

  /** One color per server, in the order of their first runs. */
  private static final List<String> COLORS = List.of("#1f5fa8", "#c06a10", "#2a7f4f", "#7a3d8f");

  private final PrintWriter out;

  private HtmlReport(PrintWriter out) {
    this.out = out;
  }

  /** Writes all of it; the writer is flushed and not closed. */
  public static void write(
      Writer out,
      Map<String, Object> settings,
      List<Measurement> measurements,
      List<Comparison> comparisons) {
    PrintWriter printer = new PrintWriter(out);
    new HtmlReport(printer).write(settings, measurements, comparisons);
    printer.flush();
  }

  private void write(
      Map<String, Object> settings, List<Measurement> measurements, List<Comparison> comparisons) {
    out.print(HEAD);
    Map<String, String> colors = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      colors.putIfAbsent(measurement.endpoint(), COLORS.get(colors.size() % COLORS.size()));
    }
    print("<p>");
    settings.forEach((name, value) -> print("%s %s; ", Svg.escape(name), Svg.escape(value + "")));
    print("</p>%n");
    writeRatios(comparisons);
    Map<String, List<Measurement>> runs = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      runs.computeIfAbsent(heading(measurement), absent -> new ArrayList<>()).add(measurement);
    }
    runs.forEach((heading, group) -> writeRuns(heading, group, colors));
    for (Comparison comparison : comparisons) {
      writeFigures(comparison);
    }
    print("</body>%n</html>%n");
  }

  private static String heading(Measurement measurement) {
    return heading(measurement.workload(), measurement.result().rate());
  }

  private static String heading(String workload, double rate) {
    return rate == 0
        ? workload
        : String.format(Locale.ROOT, "%s at %,.0f operations per second", workload, rate);
  }

  private void writeRatios(List<Comparison> comparisons) {
    List<BarPlot.Bar> bars = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      for (Comparison.Row row : comparison.rows()) {
        if (comparison.rate() == 0
            && row.ratio() > 0
            && (row.figure().endsWith("CPU-second") || row.equals(comparison.rows().getFirst()))) {
          bars.add(new BarPlot.Bar(comparison.workload() + ": " + row.figure(), row.ratio()));
        }
      }
    }
    if (!bars.isEmpty()) {
      print("<h2>A by B</h2>%n%s", BarPlot.ratios("Ratio of medians, A by B", bars));
    }
  }

  private void writeRuns(String heading, List<Measurement> runs, Map<String, String> colors) {
    print("<h2>%s</h2>%n", Svg.escape(heading));
    List<LinePlot.Line> rates = new ArrayList<>();
    for (Measurement run : runs) {
      double[] points =
          points(
              run.result().timeline(), Timeline.Tick::seconds, Timeline.Tick::operationsPerSecond);
      rates.add(line(run, "", colors, points));
    }
    print("%s", LinePlot.overTime("Operations per second over seconds", rates));
    for (int i = 0; i < runs.getFirst().result().series().size(); i++) {
      List<LinePlot.Line> latencies = new ArrayList<>();
      String name = runs.getFirst().result().series().get(i).name();
      for (Measurement run : runs) {
        List<SeriesResult.Percentile> curve = run.result().series().get(i).curve();
        if (!curve.isEmpty()) {
          double[] points =
              points(
                  curve, SeriesResult.Percentile::percent, SeriesResult.Percentile::milliseconds);
          latencies.add(line(run, name + " ", colors, points));
        }
      }
      if (!latencies.isEmpty()) {
        print("%s", LinePlot.percentiles("Latency of " + name + ", ms, by percentile", latencies));
      }
    }
    print(
        "<table><tr><th>server</th><th>turn</th><th>throughput</th><th>per server CPU-second</th>");
    print("<th>errors</th><th>conflicts</th><th>unanswered</th></tr>%n");
    runs.forEach(this::writeRow);
    print("</table>%n");
  }

  private static LinePlot.Line line(
      Measurement run, String name, Map<String, String> colors, double[] points) {
    return new LinePlot.Line(
        name + run.endpoint() + " turn " + run.turn(),
        colors.getOrDefault(run.endpoint(), "#000"),
        run.turn() > 1,
        points);
  }

  private void writeRow(Measurement run) {
    LoadResult result = run.result();
    long errors = result.errors().values().stream().mapToLong(Long::longValue).sum();
    print(
        "<tr><td>%s (version %s)</td><td>%d</td><td>%s %s/s</td><td>%s</td><td>%d</td><td>%d</td>"
            + "<td>%d</td></tr>%n",
        Svg.escape(run.endpoint()),
        Svg.escape(run.version()),
        run.turn(),
        figure(result.throughput()),
        Svg.escape(result.unit()),
        figure(result.throughputPerCpuSecond()),
        errors,
        result.conflicts(),
        result.unanswered());
    for (String fault : result.faults()) {
      print("<tr><td colspan=\"7\" class=\"fault\">%s</td></tr>%n", Svg.escape(fault));
    }
  }

  private void writeFigures(Comparison comparison) {
    print("<h2>%s: A and B</h2>%n", Svg.escape(heading(comparison.workload(), comparison.rate())));
    print("<table><tr><th>median (least-greatest)</th><th>A</th><th>B</th><th>A by B</th></tr>%n");
    for (Comparison.Row row : comparison.rows()) {
      print(
          "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>%n",
          Svg.escape(row.figure()), spread(row.a()), spread(row.b()), figure(row.ratio()));
    }
    print("</table>%n");
  }

  private static String spread(Spread spread) {
    return "%s (%s-%s)"
        .formatted(figure(spread.median()), figure(spread.min()), figure(spread.max()));
  }

  private static String figure(double value) {
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : "%.2f", value);
  }

  private static <T> double[] points(
      List<T> list, ToDoubleFunction<T> first, ToDoubleFunction<T> second) {
    double[] points = new double[2 * list.size()];
    for (int i = 0; i < list.size(); i++) {
      points[2 * i] = first.applyAsDouble(list.get(i));
      points[2 * i + 1] = second.applyAsDouble(list.get(i));
    }
    return points;
  }

  @FormatMethod
  private void print(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
  }
}
