// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class HealthPagesTest {
  private final Health health = new Health();
  private final Map<String, Page> pages = HealthPages.of(health);

  private static final class Health implements HealthSource {
    private final Set<String> alarms = new TreeSet<>();
    private boolean leader = true;
    private Optional<String> linearizable = Optional.empty();
    private Optional<String> serializable = Optional.empty();

    @Override
    public Set<String> alarms() {
      return alarms;
    }

    @Override
    public boolean hasLeader() {
      return leader;
    }

    @Override
    public Optional<String> readFailure(boolean isSerializable) {
      return isSerializable ? serializable : linearizable;
    }
  }

  @Test
  void health_well() {
    assertAnswer("/health", 200, "{\"health\":\"true\",\"reason\":\"\"}");
    assertAnswer("/health?serializable=true", 200, "{\"health\":\"true\",\"reason\":\"\"}");
  }

  @Test
  void health_alarm() {
    health.alarms.add("NOSPACE");

    assertAnswer("/health", 503, "{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}\n");
    assertAnswer(
        "/health?exclude=CORRUPT", 503, "{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}\n");
    assertAnswer("/health?exclude=NOSPACE", 200, "{\"health\":\"true\",\"reason\":\"\"}");
    health.alarms.add("CORRUPT");
    assertAnswer(
        "/health?exclude=NOSPACE", 503, "{\"health\":\"false\",\"reason\":\"ALARM CORRUPT\"}\n");
    assertAnswer(
        "/health?exclude=NOSPACE&exclude=CORRUPT", 200, "{\"health\":\"true\",\"reason\":\"\"}");
  }

  @Test
  void health_noLeader() {
    health.leader = false;

    assertAnswer("/health", 503, "{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}\n");
    assertAnswer("/health?serializable=true", 200, "{\"health\":\"true\",\"reason\":\"\"}");
  }

  @Test
  void health_readFails() {
    health.linearizable = Optional.of("a \"quoted\" reason\n");

    assertAnswer(
        "/health",
        503,
        "{\"health\":\"false\",\"reason\":\"RANGE ERROR:a \\\"quoted\\\" reason \"}\n");
    assertAnswer("/health?serializable=true", 200, "{\"health\":\"true\",\"reason\":\"\"}");
  }

  @Test
  void livez_well() {
    assertAnswer("/livez", 200, "ok\n");
    assertAnswer("/livez?verbose", 200, "[+]serializable_read ok\nok\n");
    assertAnswer("/livez/serializable_read?verbose", 200, "[+]serializable_read ok\nok\n");
    assertThat(pages).doesNotContainKey("/livez/linearizable_read");
  }

  @Test
  void readyz_well() {
    assertAnswer("/readyz", 200, "ok\n");
    assertAnswer(
        "/readyz?verbose",
        200,
        """
        [+]data_corruption ok
        [+]serializable_read ok
        [+]linearizable_read ok
        [+]non_learner ok
        ok
        """);
    assertAnswer("/readyz/non_learner", 200, "ok\n");
  }

  @Test
  void readyz_badly() {
    health.linearizable = Optional.of("etcdserver: no leader");
    health.alarms.add("CORRUPT");

    assertAnswer(
        "/readyz",
        503,
        """
        [-]data_corruption failed: alarm activated: CORRUPT
        [+]serializable_read ok
        [-]linearizable_read failed: etcdserver: no leader
        [+]non_learner ok

        """);
    assertAnswer("/readyz?exclude=data_corruption&exclude=linearizable_read", 200, "ok\n");
    assertAnswer("/readyz/serializable_read", 200, "ok\n");
    assertAnswer(
        "/readyz/linearizable_read", 503, "[-]linearizable_read failed: etcdserver: no leader\n\n");
    assertAnswer("/livez", 200, "ok\n");
  }

  private void assertAnswer(String uri, int status, String body) {
    QueryStringDecoder decoded = new QueryStringDecoder(uri);
    Page page = Objects.requireNonNull(pages.get(decoded.path()), uri);
    Answer answer = page.answer(new Request("GET", decoded.parameters()));
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).as(uri).isEqualTo(body);
    assertThat(answer.status()).as(uri).isEqualTo(status);
  }
}
