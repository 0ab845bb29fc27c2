// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.wire.Endpoint;
import dev.brain.bench.workload.Values;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Console;
import java.io.PrintWriter;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Makes what all runs of a command share: the threads, the clock and the random values. */
final class Bench implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final ClientOptions options;
  private final PrintWriter terminal;
  private final EventLoopGroup loops;
  private final Values values;

  Bench(ClientOptions options, PrintWriter terminal) {
    this.options = options;
    this.terminal = terminal;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            options.threads,
            new DefaultThreadFactory("bench", /* daemon= */ true),
            NioIoHandler.newFactory());
    this.values = new Values(options.valueSize, new SplittableRandom(options.seed));
  }

  /**
   * Connects to a server.
   *
   * @param process the server's on this machine, or 0 if unknown
   * @throws dev.brain.bench.workload.WorkloadException if it does not answer
   */
  Session connect(Endpoint endpoint, long process) {
    return new Session(
        options,
        endpoint,
        process,
        loops,
        values,
        System::nanoTime,
        System::currentTimeMillis,
        this::progress);
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again when there is no terminal
  private ProgressLine progress(String label) {
    Console console = System.console();
    return new ProgressLine(terminal, console != null && console.isTerminal(), label);
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
