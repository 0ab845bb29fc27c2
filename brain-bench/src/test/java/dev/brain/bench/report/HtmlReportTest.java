// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.bench.load.Latency;
import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.SeriesResult;
import dev.brain.bench.load.Timeline;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class HtmlReportTest {

  @Test
  void write_twoServers_isOneSoundPageWithPlots() throws Exception {
    LoadResult a = result(300, "");
    LoadResult b = result(100, "a watcher <slept> & \"missed\" events");
    StringWriter text = new StringWriter();
    HtmlReport.write(
        text,
        Map.of("clients", "by <workload>"),
        List.of(
            new Measurement("insert", "http://a:1", "3.7", 1, a),
            new Measurement("insert", "http://b:1", "3.5", 1, b)),
        List.of(Comparison.of("insert", List.of(a), List.of(b))));
    Document page = parse(text.toString());
    // Throughput over time, latency, and the bars of the comparison.
    assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(3);
    // Each server is a line in two plots, and a stroke in their legends.
    assertThat(page.getElementsByTagName("polyline").getLength()).isEqualTo(8);
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(text.toString())
        .contains("a watcher &lt;slept&gt; &amp; &quot;missed&quot; events")
        .contains("<td>300.00 (300.00-300.00)</td><td>100.00 (100.00-100.00)</td><td>3.00</td>")
        .doesNotContain("href", "src=", "NaN", "Infinity");
  }

  @Test
  void write_nothingMeasured_isAPageAllTheSame() throws Exception {
    SeriesResult none =
        new SeriesResult(
            "get", "operations", false, 0, 0, 0, new Latency(0, 0, 0, 0, 0, 0), List.of());
    LoadResult result =
        new LoadResult(0, 0, List.of(none), List.of(), Map.of(), 0, 9, List.of(), null, null);
    StringWriter text = new StringWriter();
    HtmlReport.write(
        text, Map.of(), List.of(new Measurement("get", "http://a:1", "", 1, result)), List.of());
    assertThat(parse(text.toString()).getElementsByTagName("svg").getLength()).isEqualTo(1);
    assertThat(text.toString()).doesNotContain("NaN", "Infinity");
  }

  private static LoadResult result(double perSecond, String fault) {
    SeriesResult series =
        new SeriesResult(
            "insert",
            "operations",
            false,
            (long) perSecond,
            perSecond,
            perSecond,
            new Latency(1, 1, 2, 3, 4, 5),
            List.of(
                new SeriesResult.Percentile(0, 0.5),
                new SeriesResult.Percentile(50, 1),
                new SeriesResult.Percentile(99.9, 4)));
    return new LoadResult(
        1,
        0,
        List.of(series),
        List.of(new Timeline.Tick(1, perSecond), new Timeline.Tick(2, perSecond)),
        Map.of(),
        0,
        0,
        fault.isEmpty() ? List.of() : List.of(fault),
        null,
        null);
  }

  /** A page that is sound XML is sound SVG too. */
  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }
}
