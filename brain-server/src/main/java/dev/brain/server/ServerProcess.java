// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import ch.qos.logback.classic.LoggerContext;
import dev.brain.server.config.ServerConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process around a server: its logs, its end by a signal, its end by a fault. */
final class ServerProcess {
  private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);

  /** A stop that takes longer is cut off; less than the 30 seconds that Kubernetes grants. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

  private ServerProcess() {}

  /**
   * Runs a server until the process is told to end.
   *
   * @return the exit code, if it could not start
   */
  static int run(ServerConfig config, PrintWriter err) {
    Logging logging =
        Logging.start(
            (LoggerContext) LoggerFactory.getILoggerFactory(),
            config.observing(),
            new FileOutputStream(FileDescriptor.err));
    config.warnings().forEach(log::warn);
    AtomicBoolean stopping = new AtomicBoolean();
    Threads threads =
        new Threads(
            (thread, fault) -> {
              if (stopping.get()) {
                log.warn("thread {} died during the stop", thread.getName(), fault);
              } else {
                die(logging, thread, fault);
              }
            });
    BrainServer server;
    try {
      server =
          new StartAttempts(System::nanoTime, Thread::sleep)
              .run(() -> BrainServer.start(config, threads));
    } catch (InterruptedException e) {
      logging.close();
      return Main.FAILED;
    } catch (StartException e) {
      log.debug("start failed", e);
      logging.close();
      err.println("brain server: " + e.getMessage());
      err.flush();
      return Main.FAILED;
    }
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  stop(server, threads, logging);
                },
                "stop"));
    try {
      server.awaitClosed();
      return Main.OK;
    } catch (InterruptedException e) {
      server.close();
      return Main.FAILED;
    }
  }

  /** A server that has lost a part of itself must not look alive: the process ends at once. */
  private static void die(Logging logging, Thread thread, Throwable fault) {
    log.error("thread {} died, so the process ends", thread.getName(), fault);
    logging.close();
    Runtime.getRuntime().halt(Main.FAILED);
  }

  private static void stop(BrainServer server, Threads threads, Logging logging) {
    log.info("stopping");
    Thread closing = threads.named("closing").newThread(server::close);
    closing.start();
    boolean closed = false;
    try {
      closed = closing.join(STOP_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closed) {
      log.info("stopped");
    } else {
      log.error("did not stop within {} s; data that was answered is safe", STOP_LIMIT.toSeconds());
    }
    logging.close();
    // Exit codes of signals (143) would look like a failure to supervisors.
    Runtime.getRuntime().halt(closed ? Main.OK : Main.FAILED);
  }
}
