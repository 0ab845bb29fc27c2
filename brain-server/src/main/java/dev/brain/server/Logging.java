// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.brain.server.config.ServerConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends the logs of this process to a stream, from a thread of its own. When the stream is not
 * read, the newest lines are dropped and nobody waits.
 */
final class Logging implements AutoCloseable {
  /** Lines that wait for the stream; those logged while so many wait are dropped. */
  private static final int WAITING_LINES = 8192;

  /** How long the end of the process waits for the stream to take the last lines. */
  private static final int FLUSH_MILLIS = 1_000;

  private final LoggerContext context;

  private Logging(LoggerContext context) {
    this.context = context;
  }

  /**
   * Replaces whatever logging there was.
   *
   * @param context of the loggers
   * @param stream where to; used by the logging thread only, and not closed
   */
  static Logging start(
      LoggerContext context, ServerConfig.Observing observing, OutputStream stream) {
    context.reset();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder(context, observing.logFormat()));
    appender.setOutputStream(new Unclosed(stream));
    appender.start();
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(WAITING_LINES);
    async.setDiscardingThreshold(0);
    async.setNeverBlock(true);
    async.setMaxFlushTime(FLUSH_MILLIS);
    async.addAppender(appender);
    async.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(observing.logLevel().name()));
    root.addAppender(async);
    if (observing.logLevel() == ServerConfig.LogLevel.INFO) {
      // What the libraries call information is noise to an operator.
      context.getLogger("io.grpc").setLevel(Level.WARN);
      context.getLogger("io.netty").setLevel(Level.WARN);
    }
    // grpc-java reports every unusual connection as a warning; they are the clients' business.
    context.getLogger("io.grpc.netty").setLevel(Level.ERROR);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    return new Logging(context);
  }

  /** Logs what goes wrong to stderr, for commands that are not servers. */
  static Logging startQuietly(LoggerContext context) {
    return start(
        context,
        new ServerConfig.Observing(
            List.of(), false, ServerConfig.LogLevel.ERROR, ServerConfig.LogFormat.CONSOLE),
        new FileOutputStream(FileDescriptor.err));
  }

  private static Encoder<ILoggingEvent> encoder(
      LoggerContext context, ServerConfig.LogFormat format) {
    return switch (format) {
      case JSON -> {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        encoder.setWithArguments(false);
        encoder.setWithMDC(false);
        encoder.setWithMarkers(false);
        encoder.start();
        yield encoder;
      }
      case CONSOLE -> {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg %kvp%n");
        encoder.start();
        yield encoder;
      }
    };
  }

  /** Waits for the last lines to be written, but not for long. */
  @Override
  public void close() {
    context.stop();
  }

  /** Keeps the stream open for who wants to write to it after the end of logging. */
  private static final class Unclosed extends FilterOutputStream {
    private Unclosed(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
