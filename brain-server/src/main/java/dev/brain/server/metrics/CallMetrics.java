// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.metrics;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts calls, by method and outcome. Its counters are made beforehand and one tracer serves all
 * calls of a method, so counting allocates nothing; only measuring how long calls take does.
 */
public final class CallMetrics extends ServerStreamTracer.Factory {
  private static final ServerStreamTracer IGNORING = new ServerStreamTracer() {};

  private final Map<String, MethodMetrics> methods = new HashMap<>();
  private final boolean durations;

  /**
   * @param services whose calls are counted; calls of other methods are not, because their names
   *     are whatever a client sends
   * @param durations whether to measure how long calls take
   */
  public CallMetrics(
      MeterRegistry registry, Collection<ServerServiceDefinition> services, boolean durations) {
    this.durations = durations;
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        MethodDescriptor<?, ?> descriptor = method.getMethodDescriptor();
        methods.put(
            descriptor.getFullMethodName(), new MethodMetrics(registry, descriptor, durations));
      }
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    MethodMetrics method = methods.get(fullMethodName);
    if (method == null) {
      return IGNORING;
    }
    method.started();
    return durations ? new Stopwatch(method, System.nanoTime()) : method;
  }

  /** Measures one call. */
  private static final class Stopwatch extends ServerStreamTracer {
    private final MethodMetrics method;
    private final long startNanos;

    private Stopwatch(MethodMetrics method, long startNanos) {
      this.method = method;
      this.startNanos = startNanos;
    }

    @Override
    public void inboundMessage(int sequence) {
      method.inboundMessage(sequence);
    }

    @Override
    public void outboundMessage(int sequence) {
      method.outboundMessage(sequence);
    }

    @Override
    public void streamClosed(Status status) {
      method.streamClosed(status);
      method.took(System.nanoTime() - startNanos);
    }
  }
}
