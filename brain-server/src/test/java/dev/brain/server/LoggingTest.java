// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.brain.server.config.ServerConfig.LogFormat;
import dev.brain.server.config.ServerConfig.LogLevel;
import dev.brain.server.config.ServerConfig.Observing;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LoggingTest {
  private final LoggerContext context = new LoggerContext();
  private final Logger log = context.getLogger(LoggingTest.class);
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

  @Test
  void log_json() {
    Logging logging = start(LogFormat.JSON, LogLevel.INFO, stream);
    log.atInfo().addKeyValue("revision", 5).log("now {}", "ready");
    log.debug("not this");
    logging.close();

    assertThat(text().lines())
        .singleElement()
        .asString()
        .contains("\"formattedMessage\":\"now ready\"", "\"revision\":\"5\"", "\"level\":\"INFO\"");
  }

  @Test
  void log_console() {
    Logging logging = start(LogFormat.CONSOLE, LogLevel.WARN, stream);
    log.atWarn().addKeyValue("revision", 5).log("look");
    log.info("not this");
    logging.close();

    assertThat(text())
        .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+[+-Z].* WARN  LoggingTest: look revision=\"5\"\n");
  }

  @Test
  @Timeout(60)
  void log_streamThatBlocks() {
    CountDownLatch forEver = new CountDownLatch(1);
    OutputStream blocked =
        new OutputStream() {
          @Override
          public void write(int b) {
            try {
              forEver.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    Logging logging = start(LogFormat.JSON, LogLevel.INFO, blocked);

    for (int i = 0; i < 100_000; i++) {
      log.info("line {}", i);
    }
    logging.close(); // Neither this nor what is above waits for the stream.

    forEver.countDown();
  }

  @BeforeEach
  void prepare() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  private Logging start(LogFormat format, LogLevel level, OutputStream to) {
    return Logging.start(context, new Observing(List.of(), false, level, format), to);
  }

  private String text() {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
