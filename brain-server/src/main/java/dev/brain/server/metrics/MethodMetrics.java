// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.metrics;

import static com.google.common.base.CaseFormat.UPPER_CAMEL;
import static com.google.common.base.CaseFormat.UPPER_UNDERSCORE;

import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The counters of one method. Thread-safe; shared by all its calls. */
final class MethodMetrics extends ServerStreamTracer {
  private static final Duration[] BUCKETS =
      Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** gRPC's codes are numbered from 0 to 16. */
  private static final int CODES = 17;

  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter started;
  private final Counter received;
  private final Counter sent;
  private final AtomicReferenceArray<@Nullable Counter> handled = new AtomicReferenceArray<>(CODES);
  private final @Nullable Timer duration;

  MethodMetrics(MeterRegistry registry, MethodDescriptor<?, ?> method, boolean durations) {
    this.registry = registry;
    this.tags =
        Tags.of(
            "grpc_service", String.valueOf(method.getServiceName()),
            "grpc_method", String.valueOf(method.getBareMethodName()),
            "grpc_type", type(method.getType()));
    this.started = counter("grpc_server_started", "RPCs started.");
    this.received = counter("grpc_server_msg_received", "Messages received.");
    this.sent = counter("grpc_server_msg_sent", "Messages sent.");
    this.duration =
        durations
            ? Timer.builder("grpc_server_handling")
                .description("How long RPCs took.")
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
            : null;
    handled(Status.Code.OK);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  void started() {
    started.increment();
  }

  void took(long nanos) {
    if (duration != null) {
      duration.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void inboundMessage(int sequence) {
    received.increment();
  }

  @Override
  public void outboundMessage(int sequence) {
    sent.increment();
  }

  @Override
  public void streamClosed(Status status) {
    handled(status.getCode()).increment();
  }

  /** Most methods never end with most codes, so these counters are made when first needed. */
  private Counter handled(Status.Code code) {
    Counter counter = handled.get(code.value());
    if (counter == null) {
      counter =
          Counter.builder("grpc_server_handled")
              .description("RPCs ended, by outcome.")
              .tags(tags.and("grpc_code", name(code)))
              .register(registry);
      handled.set(code.value(), counter);
    }
    return counter;
  }

  /** The names that gRPC for Go has for the codes, and so etcd's dashboards. */
  private static String name(Status.Code code) {
    return switch (code) {
      case OK -> "OK";
      case CANCELLED -> "Canceled";
      default -> UPPER_UNDERSCORE.to(UPPER_CAMEL, code.name());
    };
  }

  private static String type(MethodDescriptor.MethodType type) {
    return switch (type) {
      case UNARY, UNKNOWN -> "unary";
      case CLIENT_STREAMING -> "client_stream";
      case SERVER_STREAMING -> "server_stream";
      case BIDI_STREAMING -> "bidi_stream";
    };
  }
}
