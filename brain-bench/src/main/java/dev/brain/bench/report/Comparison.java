// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.SeriesResult;
import dev.brain.bench.load.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The turns of two servers at one workload, beside each other.
 *
 * @param workload its name
 * @param rate operations that were due per second; 0 in a closed loop
 * @param rows one per figure
 */
public record Comparison(String workload, double rate, List<Row> rows) {
  private static final double MEBIBYTE = 1 << 20;

  /**
   * One figure.
   *
   * @param figure what it is, with its unit
   * @param a over the turns of the first server
   * @param b over the turns of the second
   */
  public record Row(String figure, Spread a, Spread b) {

    /** The median of the first in medians of the second; NaN if either is unknown or b is 0. */
    public double ratio() {
      return b.median() == 0 ? Double.NaN : a.median() / b.median();
    }
  }

  /** Compares the turns of two servers, at least one each. */
  public static Comparison of(String workload, List<LoadResult> a, List<LoadResult> b) {
    List<Row> rows = new ArrayList<>();
    String unit = a.getFirst().unit();
    add(rows, unit + "/s", a, b, LoadResult::throughput);
    add(rows, unit + " per server CPU-second", a, b, LoadResult::throughputPerCpuSecond);
    for (int i = 0; i < a.getFirst().series().size(); i++) {
      int place = i;
      String name = a.getFirst().series().get(i).name();
      if (a.getFirst().series().size() > 1 && !a.getFirst().series().get(i).isEvent()) {
        add(rows, name + "s/s", a, b, r -> series(r, place).operationsPerSecond());
      }
      add(
          rows,
          name + " p50 ms",
          a,
          b,
          r -> latency(series(r, place), series(r, place).latency().p50()));
      add(
          rows,
          name + " p99 ms",
          a,
          b,
          r -> latency(series(r, place), series(r, place).latency().p99()));
    }
    add(rows, "server cores", a, b, r -> usage(r.server(), Usage::cores));
    add(rows, "server RSS MiB", a, b, r -> usage(r.server(), u -> u.residentBytes() / MEBIBYTE));
    add(rows, "client cores", a, b, r -> usage(r.client(), Usage::cores));
    return new Comparison(workload, a.getFirst().rate(), List.copyOf(rows));
  }

  private static void add(
      List<Row> rows,
      String figure,
      List<LoadResult> a,
      List<LoadResult> b,
      ToDoubleFunction<LoadResult> reader) {
    Row row = new Row(figure, spread(a, reader), spread(b, reader));
    if (!Double.isNaN(row.a.median()) || !Double.isNaN(row.b.median())) {
      rows.add(row);
    }
  }

  private static Spread spread(List<LoadResult> turns, ToDoubleFunction<LoadResult> reader) {
    return Spread.of(turns.stream().map(reader::applyAsDouble).toList());
  }

  private static SeriesResult series(LoadResult result, int place) {
    return result.series().get(place);
  }

  /** What never succeeded has no latency. */
  private static double latency(SeriesResult series, double milliseconds) {
    return series.operations() == 0 ? Double.NaN : milliseconds;
  }

  private static double usage(@Nullable Usage usage, ToDoubleFunction<Usage> reader) {
    return usage == null ? Double.NaN : reader.applyAsDouble(usage);
  }
}
