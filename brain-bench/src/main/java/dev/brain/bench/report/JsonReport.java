// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import com.google.gson.stream.JsonWriter;
import dev.brain.bench.load.Latency;
import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.SeriesResult;
import dev.brain.bench.load.Usage;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes measurements and comparisons for programs: one JSON object with {@code settings}, {@code
 * runs} and {@code comparisons}. Rates are per second, latencies in milliseconds, memory in bytes;
 * what is unknown is null.
 */
public final class JsonReport {
  private final JsonWriter json;

  private JsonReport(JsonWriter json) {
    this.json = json;
  }

  /**
   * Writes all of it and a line end; the writer is flushed and not closed.
   *
   * @param settings what the runs were asked to do, by option
   */
  public static void write(
      Writer out,
      Map<String, Object> settings,
      List<Measurement> measurements,
      List<Comparison> comparisons)
      throws IOException {
    JsonWriter json = new JsonWriter(out);
    json.setIndent("  ");
    json.setHtmlSafe(false);
    new JsonReport(json).write(settings, measurements, comparisons);
    json.flush();
    out.write(System.lineSeparator());
    out.flush();
  }

  private void write(
      Map<String, Object> settings, List<Measurement> measurements, List<Comparison> comparisons)
      throws IOException {
    json.beginObject().name("settings").beginObject();
    for (Map.Entry<String, Object> setting : settings.entrySet()) {
      json.name(setting.getKey());
      if (setting.getValue() instanceof Number number) {
        json.value(number);
      } else {
        json.value(setting.getValue().toString());
      }
    }
    json.endObject().name("runs").beginArray();
    for (Measurement measurement : measurements) {
      write(measurement);
    }
    json.endArray().name("comparisons").beginArray();
    for (Comparison comparison : comparisons) {
      write(comparison);
    }
    json.endArray().endObject();
  }

  private void write(Measurement measurement) throws IOException {
    LoadResult result = measurement.result();
    json.beginObject();
    json.name("workload").value(measurement.workload());
    json.name("endpoint").value(measurement.endpoint());
    json.name("version").value(measurement.version());
    json.name("turn").value(measurement.turn());
    json.name("seconds").value(result.seconds());
    figure("rate", result.rate());
    json.name("unit").value(result.unit());
    figure("throughput", result.throughput());
    figure("throughputPerServerCpuSecond", result.throughputPerCpuSecond());
    json.name("series").beginArray();
    for (SeriesResult series : result.series()) {
      write(series);
    }
    json.endArray().name("errors").beginObject();
    for (Map.Entry<String, Long> error : result.errors().entrySet()) {
      json.name(error.getKey()).value(error.getValue());
    }
    json.endObject();
    json.name("conflicts").value(result.conflicts());
    json.name("unanswered").value(result.unanswered());
    json.name("faults").beginArray();
    for (String fault : result.faults()) {
      json.value(fault);
    }
    json.endArray();
    usage("server", result.server());
    usage("client", result.client());
    json.endObject();
  }

  private void write(SeriesResult series) throws IOException {
    Latency latency = series.latency();
    json.beginObject();
    json.name("name").value(series.name());
    json.name("unit").value(series.unit());
    json.name("succeeded").value(series.operations());
    figure("perSecond", series.operationsPerSecond());
    figure("unitsPerSecond", series.unitsPerSecond());
    json.name("latency").beginObject();
    figure("mean", latency.mean());
    figure("p50", latency.p50());
    figure("p90", latency.p90());
    figure("p99", latency.p99());
    figure("p99.9", latency.p999());
    figure("max", latency.max());
    json.endObject().endObject();
  }

  private void write(Comparison comparison) throws IOException {
    json.beginObject().name("workload").value(comparison.workload());
    figure("rate", comparison.rate());
    json.name("rows").beginArray();
    for (Comparison.Row row : comparison.rows()) {
      json.beginObject().name("figure").value(row.figure());
      spread("a", row.a());
      spread("b", row.b());
      figure("ratio", row.ratio());
      json.endObject();
    }
    json.endArray().endObject();
  }

  private void spread(String name, Spread spread) throws IOException {
    json.name(name).beginObject();
    figure("median", spread.median());
    figure("min", spread.min());
    figure("max", spread.max());
    json.endObject();
  }

  private void usage(String name, @Nullable Usage usage) throws IOException {
    json.name(name);
    if (usage == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    figure("cores", usage.cores());
    json.name("residentBytes").value(usage.residentBytes());
    json.name("peakResidentBytes").value(usage.peakResidentBytes());
    json.endObject();
  }

  /** JSON has no word for NaN. */
  private void figure(String name, double value) throws IOException {
    json.name(name);
    if (Double.isFinite(value)) {
      json.value(value);
    } else {
      json.nullValue();
    }
  }
}
