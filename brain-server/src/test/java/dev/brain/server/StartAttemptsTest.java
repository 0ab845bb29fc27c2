// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.EngineException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartAttemptsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<Long> pauses = new ArrayList<>();
  private final StartAttempts attempts =
      new StartAttempts(
          nanos::get,
          (Duration time) -> {
            pauses.add(time.toSeconds());
            nanos.addAndGet(time.toNanos());
          });
  private int failures;

  private static StartException unreachable() {
    return new StartException(
        "nobody there", new EngineException.Unavailable("nobody there", null));
  }

  @Test
  void run_storageComesLate_starts(@TempDir Path directory) throws Exception {
    Threads threads = new Threads((_, fault) -> {});
    try (BrainServer server =
        attempts.run(
            () -> {
              if (failures++ < 3) {
                throw unreachable();
              }
              return start(directory, threads);
            })) {
      assertThat(server.urls()).hasSize(1);
    }
    assertThat(pauses).containsExactly(1L, 2L, 4L);
  }

  private static BrainServer start(Path directory, Threads threads) throws StartException {
    try {
      return BrainServer.start(
          TestConfig.of("--data-dir=" + directory, "--listen-client-urls=http://127.0.0.1:0"),
          threads);
    } catch (dev.brain.server.config.ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void run_storageNeverComes_endsAfterAMinute() {
    assertThatThrownBy(
            () ->
                attempts.run(
                    () -> {
                      throw unreachable();
                    }))
        .isInstanceOf(StartException.class)
        .hasMessage("nobody there");
    assertThat(pauses).startsWith(1L, 2L, 4L, 8L, 8L);
    assertThat(pauses.stream().mapToLong(Long::longValue).sum()).isBetween(60L, 68L);
  }

  @Test
  void run_otherFault_endsAtOnce() {
    assertThatThrownBy(
            () ->
                attempts.run(
                    () -> {
                      throw new StartException("a bad flag", null);
                    }))
        .hasMessage("a bad flag");
    assertThat(pauses).isEmpty();
  }
}
