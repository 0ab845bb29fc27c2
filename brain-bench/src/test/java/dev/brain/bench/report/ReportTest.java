// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.brain.bench.load.Latency;
import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.SeriesResult;
import dev.brain.bench.load.Usage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void spread_oddNumber_takesTheMiddle() {
    assertThat(Spread.of(List.of(3.0, 1.0, 20.0))).isEqualTo(new Spread(3, 1, 20));
  }

  @Test
  void spread_evenNumber_takesTheMeanOfTheMiddle() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 90.0))).isEqualTo(new Spread(3, 1, 90));
  }

  @Test
  void spread_unknownFigures_areLeftOut() {
    assertThat(Spread.of(List.of(Double.NaN, 5.0)).median()).isEqualTo(5);
    assertThat(Spread.of(List.of(Double.NaN)).median()).isNaN();
  }

  @Test
  void comparison_turns_haveRatiosOfMedians() {
    Comparison comparison =
        Comparison.of(
            "insert",
            List.of(result(300, 0.5), result(600, 0.5), result(30, 0.5)),
            List.of(result(100, 1.0), result(100, 1.0), result(7, 1.0)));
    assertThat(row(comparison, "operations/s").ratio()).isCloseTo(3, within(1e-9));
    assertThat(row(comparison, "operations per server CPU-second").ratio())
        .isCloseTo(6, within(1e-9));
    assertThat(row(comparison, "server cores").ratio()).isCloseTo(0.5, within(1e-9));
    assertThat(comparison.rows()).extracting(Comparison.Row::figure).doesNotContain("inserts/s");
  }

  @Test
  void comparison_unknownProcess_hasNoRowOrNoRatio() {
    Comparison none = Comparison.of("insert", List.of(result(1, null)), List.of(result(1, null)));
    assertThat(none.rows()).extracting(Comparison.Row::figure).doesNotContain("server cores");
    Comparison one = Comparison.of("insert", List.of(result(1, 1.0)), List.of(result(1, null)));
    assertThat(row(one, "server cores").ratio()).isNaN();
  }

  @Test
  void throughput_eventsBesideOperations_countsTheEvents() {
    SeriesResult insert = series("insert", "operations", false, 10);
    SeriesResult event = series("event", "events", true, 1000);
    LoadResult result =
        new LoadResult(
            1, 0, List.of(insert, event), List.of(), Map.of(), 0, 0, List.of(), null, null);
    assertThat(result.unit()).isEqualTo("events");
    assertThat(result.throughput()).isEqualTo(1000);
    assertThat(result.throughputPerCpuSecond()).isNaN();
  }

  @Test
  void json_everything_canBeReadBack() throws IOException {
    StringWriter text = new StringWriter();
    Measurement measurement =
        new Measurement("insert", "http://[::1]:1", "3.6\"", 2, result(5, null));
    Comparison comparison =
        Comparison.of("insert", List.of(result(4, 1.0)), List.of(result(0, 1.0)));
    JsonReport.write(
        text, Map.of("clients", 3, "note", "x"), List.of(measurement), List.of(comparison));
    JsonObject json = JsonParser.parseString(text.toString()).getAsJsonObject();
    assertThat(json.getAsJsonObject("settings").get("clients").getAsInt()).isEqualTo(3);
    JsonObject run = json.getAsJsonArray("runs").get(0).getAsJsonObject();
    assertThat(run.get("version").getAsString()).isEqualTo("3.6\"");
    assertThat(run.get("throughput").getAsDouble()).isEqualTo(5);
    assertThat(run.get("throughputPerServerCpuSecond").isJsonNull()).isTrue();
    assertThat(run.get("server").isJsonNull()).isTrue();
    assertThat(run.getAsJsonObject("errors").get("UNAVAILABLE").getAsInt()).isEqualTo(2);
    JsonObject row =
        json.getAsJsonArray("comparisons")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("rows")
            .get(0)
            .getAsJsonObject();
    assertThat(row.getAsJsonObject("a").get("median").getAsDouble()).isEqualTo(4);
    assertThat(row.get("ratio").isJsonNull()).isTrue();
  }

  @Test
  void text_problems_areShown() {
    StringWriter text = new StringWriter();
    TextReport report = new TextReport(new PrintWriter(text));
    report.write(new Measurement("insert", "http://a:1", "3.6", 1, result(1234.5, 0.5)));
    assertThat(text.toString())
        .contains("errors 2, conflicts 7, unanswered 1")
        .contains("2 x UNAVAILABLE")
        .contains("FAULT: a watcher slept")
        .contains("0.50 cores")
        .contains("2,469 operations per CPU-second");
  }

  private static Comparison.Row row(Comparison comparison, String figure) {
    return comparison.rows().stream()
        .filter(row -> row.figure().equals(figure))
        .findFirst()
        .orElseThrow();
  }

  private static LoadResult result(double perSecond, @Nullable Double serverCores) {
    Usage usage = serverCores == null ? null : new Usage(serverCores, 1 << 20, 2 << 20);
    return new LoadResult(
        1,
        0,
        List.of(series("insert", "operations", false, perSecond)),
        List.of(),
        Map.of("UNAVAILABLE", 2L),
        7,
        1,
        List.of("a watcher slept"),
        usage,
        null);
  }

  private static SeriesResult series(String name, String unit, boolean isEvent, double perSecond) {
    Latency latency = new Latency(1, 1, 2, 3, 4, 5);
    return new SeriesResult(
        name, unit, isEvent, (long) perSecond, perSecond, perSecond, latency, List.of());
  }
}
