// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.LoadRun;
import dev.brain.bench.load.UsageProbe;
import dev.brain.bench.overload.Outcome;
import dev.brain.bench.overload.Scenario;
import dev.brain.bench.overload.Stage;
import dev.brain.bench.report.Measurement;
import dev.brain.bench.wire.Connections;
import dev.brain.bench.wire.Drain;
import dev.brain.bench.wire.Endpoint;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.Shape;
import dev.brain.bench.workload.Values;
import dev.brain.bench.workload.Workload;
import dev.brain.bench.workload.WorkloadException;
import dev.brain.bench.workload.WorkloadKind;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.StatusRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The runs on one server. Used by one thread. */
final class Session implements AutoCloseable {
  private static final int RADIX = 36;

  private final ClientOptions options;
  private final Endpoint endpoint;
  private final EventLoopGroup loops;
  private final Values values;
  private final LongSupplier clock;
  private final LongSupplier wallClock;
  private final Function<String, ProgressLine> progress;
  private final UsageProbe probe;
  private final Connections connections;
  private final String version;

  Session(
      ClientOptions options,
      Endpoint endpoint,
      long process,
      EventLoopGroup loops,
      Values values,
      LongSupplier clock,
      LongSupplier wallClock,
      Function<String, ProgressLine> progress) {
    this.options = options;
    this.endpoint = endpoint;
    this.loops = loops;
    this.values = values;
    this.clock = clock;
    this.wallClock = wallClock;
    this.progress = progress;
    this.probe = new UsageProbe(Path.of("/proc"), process, ProcessHandle.current().pid());
    this.connections = open(options.connections);
    try {
      this.version = askVersion();
    } catch (WorkloadException e) {
      connections.close();
      throw e;
    }
  }

  private String askVersion() {
    try {
      return MaintenanceGrpc.newBlockingStub(connections.of(0))
          .withDeadlineAfter(options.timeout.toNanos(), TimeUnit.NANOSECONDS)
          .status(StatusRequest.getDefaultInstance())
          .getVersion();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return "";
      }
      throw new WorkloadException(
          "endpoint: "
              + endpoint
              + " does not answer (expected: a server of the etcd v3 API): "
              + reason(e),
          e);
    }
  }

  private Connections open(int count) {
    try {
      return Connections.open(endpoint, options.credentials(), count, loops);
    } catch (IllegalArgumentException e) {
      throw new WorkloadException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The code and the first cause, which names a refused connection or a certificate. */
  private static String reason(StatusRuntimeException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    String code = failure.getStatus().getCode().name();
    return text.startsWith(code) ? text : code + ": " + text;
  }

  /**
   * Runs a workload once.
   *
   * @param rate operations due per second, or 0 for what {@code load} says
   */
  Measurement run(LoadOptions load, WorkloadKind kind, double rate, int turn)
      throws InterruptedException {
    ProgressLine line = progress.apply(kind + " on " + endpoint);
    try (Workload workload = kind.create(scene(load.shape(), load.clientsFor(kind)))) {
      LoadRun run = new LoadRun(workload, load.plan(kind, rate), loops, clock, probe);
      LoadResult result = run.execute(line);
      return new Measurement(kind.toString(), endpoint.toString(), version, turn, result);
    } finally {
      line.clear();
    }
  }

  /** Deletes what the runs have written. */
  void clean() {
    WorkloadKind.clean(scene(Shape.of(options.prefix, options.keySize, 1), 1));
  }

  /** Plays a scenario once. */
  Outcome play(Scenario scenario) throws InterruptedException {
    ProgressLine line = progress.apply(scenario.name() + " on " + endpoint);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Stage stage =
          new Stage(
              scene(Shape.of(options.prefix, options.keySize, 1), options.connections),
              loops,
              threads,
              probe,
              this::open,
              new Drain(endpoint, options.credentials(), loops),
              line);
      return scenario.play(stage);
    } finally {
      line.clear();
    }
  }

  /** The server for a report: where it is, and what it says it is. */
  String server() {
    return endpoint + " (version " + version + ")";
  }

  /** Creates the keys that workloads read, as far as they are missing, and writes them again. */
  void fill(int keys, int rewrites, int batch) throws InterruptedException {
    Scene scene = scene(Shape.of(options.prefix, options.keySize, keys), 1);
    WorkloadKind.fill(scene, rewrites, batch);
  }

  private Scene scene(Shape shape, int clients) {
    String run = Long.toString(wallClock.getAsLong(), RADIX);
    return new Scene(connections, values, shape, run, clients, options.timeout, clock);
  }

  @Override
  public void close() {
    connections.close();
  }
}
