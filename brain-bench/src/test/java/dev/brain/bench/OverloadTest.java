// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plays every scenario against a small server that can be told to misbehave. */
class OverloadTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = FakeServer.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void flood_refusedAndNotApplied_holds() {
    server.store().refusals.set(7);
    assertThat(play("flood", "--writers=20", "--count=200")).isZero();
    assertThat(figure("refused")).isEqualTo(7);
    assertThat(figure("answered")).isEqualTo(193);
    assertThat(server.store().count("")).isZero(); // cleaned up
  }

  @Test
  void flood_refusedButApplied_fails() {
    server.store().refusals.set(7);
    server.store().appliesRefused.set(true);
    assertThat(play("flood", "--writers=20", "--count=200")).isOne();
    assertThat(failed()).containsExactly("refused writes that were applied: 7");
  }

  @Test
  void bigLists_soundServer_servesAllInFull() {
    assertThat(play("big-lists", "--lists=5", "--megabytes=1", "--value-size=20000")).isZero();
    assertThat(figure("lists served")).isEqualTo(5);
    assertThat(figure("lists refused")).isZero();
  }

  @Test
  void stalledWatchers_soundServer_getEverythingLater() {
    assertThat(play("stalled-watchers", "--watchers=7", "--streams=3", "--megabytes=1")).isZero();
    assertThat(figure("events missed by each stream, mean")).isGreaterThan(600);
  }

  @Test
  void stalledWatchers_eventLost_fails() {
    server.store().lostEvents.set(1);
    int code =
        play(
            "stalled-watchers",
            "--watchers=2",
            "--streams=1",
            "--megabytes=1",
            "--duration=1ms",
            "--timeout=1s");
    assertThat(code).isOne();
    assertThat(failed()).isNotEmpty();
  }

  @Test
  void leaseStorm_soundServer_isOverSoon() {
    assertThat(play("lease-storm", "--leases=30", "--ttl=2s", "--rate=50")).isIn(0, 1);
    assertThat(checks()).contains("leased keys before: 30", "leased keys afterwards: 0");
    assertThat(failed())
        .allMatch(text -> text.startsWith("p99 of writes")); // as slow as the machine
  }

  @Test
  void compaction_soundServer_isMeasured() {
    assertThat(play("compaction", "--keys=50", "--rate=50")).isIn(0, 1);
    assertThat(figure("length of the compaction, s")).isPositive();
    assertThat(failed()).allMatch(text -> text.startsWith("p99 of writes"));
  }

  @Test
  void overload_severalFaults_areAllNamed() {
    assertThat(play("flood", "--writers=0", "--connections=0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("bench: --writers: 0 (expected: from 1 to 100000)")
        .contains("bench: --connections: 0 (expected: from 1 to 10000)");
  }

  private int play(String scenario, String... arguments) {
    List<String> all = new ArrayList<>(List.of("overload", scenario));
    all.add("--endpoint=" + server.endpoint());
    all.add("--json=-");
    if (!String.join(" ", arguments).contains("--duration") && !scenario.equals("flood")) {
      all.add("--duration=200ms");
    }
    all.addAll(List.of(arguments));
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(all.toArray(String[]::new));
  }

  private JsonObject json() {
    return JsonParser.parseString(out.toString()).getAsJsonObject();
  }

  private double figure(String name) {
    for (JsonElement figure : json().getAsJsonArray("figures")) {
      if (figure.getAsJsonObject().get("name").getAsString().equals(name)) {
        return figure.getAsJsonObject().get("value").getAsDouble();
      }
    }
    throw new AssertionError(String.format(Locale.ROOT, "no figure %s in %s", name, out));
  }

  private List<String> checks() {
    return json().getAsJsonArray("checks").asList().stream()
        .map(check -> check.getAsJsonObject().get("text").getAsString())
        .toList();
  }

  private List<String> failed() {
    return json().getAsJsonArray("checks").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(check -> !check.get("holds").getAsBoolean())
        .map(check -> check.get("text").getAsString())
        .toList();
  }
}
