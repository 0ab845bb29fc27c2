// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import com.google.gson.stream.JsonWriter;
import dev.brain.bench.overload.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/** Writes what a scenario has found, for people and for programs. */
public final class OutcomeReport {

  private OutcomeReport() {}

  /** Writes lines of text; the writer is flushed and not closed. */
  public static void writeText(PrintWriter out, Outcome outcome, String server) {
    out.printf(Locale.ROOT, "%n%s on %s%n", outcome.scenario(), server);
    for (Outcome.Check check : outcome.checks()) {
      out.printf(Locale.ROOT, "  %s  %s%n", check.holds() ? "holds" : "FAILS", check.text());
    }
    for (Outcome.Figure figure : outcome.figures()) {
      out.printf(Locale.ROOT, "  %,14.2f  %s%n", figure.value(), figure.name());
    }
    out.flush();
  }

  /**
   * Writes one JSON object with {@code server}, {@code scenario}, {@code checks} and {@code
   * figures}, and a line end; what is unknown is null. The writer is flushed and not closed.
   */
  public static void writeJson(Writer out, Outcome outcome, String server) throws IOException {
    JsonWriter json = new JsonWriter(out);
    json.setIndent("  ");
    json.setHtmlSafe(false);
    json.beginObject();
    json.name("server").value(server);
    json.name("scenario").value(outcome.scenario());
    json.name("checks").beginArray();
    for (Outcome.Check check : outcome.checks()) {
      json.beginObject().name("text").value(check.text());
      json.name("holds").value(check.holds()).endObject();
    }
    json.endArray().name("figures").beginArray();
    for (Outcome.Figure figure : outcome.figures()) {
      json.beginObject().name("name").value(figure.name()).name("value");
      if (Double.isFinite(figure.value())) {
        json.value(figure.value());
      } else {
        json.nullValue();
      }
      json.endObject();
    }
    json.endArray().endObject();
    json.flush();
    out.write(System.lineSeparator());
    out.flush();
  }
}
