// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.WatchStream;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A watch stream on both servers as a step: what the client does, in order. All that the streams
 * say until etcd's falls silent is compared.
 */
final class WatchScript implements Case.Step {
  // etcd looks after watches that read history every 100 ms.
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long BARRIER = 424_242;

  private record Streams(Pair pair, String where, WatchStream etcd, WatchStream brain) {
    void both(Consumer<WatchStream> action) {
      action.accept(etcd);
      action.accept(brain);
    }
  }

  private final List<Consumer<Streams>> actions = new ArrayList<>();
  private final Metadata metadata = new Metadata();
  private boolean open = true;

  /** Adds a header to the request that opens the stream. */
  WatchScript header(String name, String value) {
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return this;
  }

  /** Creates a watch of {@code [key, end)} and waits for the answer. */
  WatchScript create(String key, String end, UnaryOperator<WatchCreateRequest.Builder> with) {
    WatchCreateRequest.Builder request =
        WatchCreateRequest.newBuilder()
            .setKey(Requests.bytes(key))
            .setRangeEnd(Requests.bytes(end));
    WatchCreateRequest built = with.apply(request).build();
    return answered(stream -> stream.create(built));
  }

  /** Creates a watch of one key. */
  WatchScript create(String key) {
    return create(key, "", w -> w);
  }

  /** Cancels a watch that exists and waits for the answer. */
  WatchScript cancel(long id) {
    return answered(stream -> stream.cancel(id));
  }

  /** Cancels a watch that does not exist: no answer. */
  WatchScript cancelUnknown(long id) {
    return act(stream -> stream.cancel(id));
  }

  /** Asks for progress; an answer may or may not come. */
  WatchScript progress() {
    return act(WatchStream::progress);
  }

  /** Sends any request. */
  WatchScript send(WatchRequest request) {
    return act(stream -> stream.send(request));
  }

  /** Half-closes the stream. */
  WatchScript halfClose() {
    open = false;
    return act(WatchStream::halfClose);
  }

  /** Makes a unary call meanwhile. */
  WatchScript call(Call<?, ?> call) {
    actions.add(streams -> streams.pair.call(streams.where + ": " + call, call));
    return this;
  }

  /** Waits until each stream has had {@code events} events in all, however long that takes. */
  WatchScript awaitEvents(int events) {
    return act(
        stream ->
            stream.await(
                PATIENCE,
                all -> all.stream().mapToInt(WatchResponse::getEventsCount).sum() >= events));
  }

  /** Waits until etcd's stream has been silent for a while, and for the other to say as much. */
  WatchScript quiet() {
    actions.add(WatchScript::awaitQuiet);
    return this;
  }

  @Override
  public void run(String where, Pair pair) {
    try (WatchStream etcd = WatchStream.open(pair.etcd.client.channel(), metadata);
        WatchStream brain = WatchStream.open(pair.brain.client.channel(), metadata)) {
      Streams streams = new Streams(pair, where, etcd, brain);
      actions.forEach(action -> action.accept(streams));
      awaitQuiet(streams);
      if (open && etcd.end() == null && brain.end() == null) {
        // Whatever Brain says too much comes before the answer to this.
        streams.both(
            stream ->
                stream.create(
                    WatchCreateRequest.newBuilder()
                        .setKey(Requests.bytes("barrier"))
                        .setWatchId(BARRIER)
                        .build()));
        streams.both(
            stream ->
                stream.await(
                    PATIENCE,
                    all -> all.stream().anyMatch(message -> message.getWatchId() == BARRIER)));
      }
      compare(streams);
    }
  }

  private WatchScript act(Consumer<WatchStream> action) {
    actions.add(streams -> streams.both(action));
    return this;
  }

  private WatchScript answered(Consumer<WatchStream> action) {
    return act(
        stream -> {
          long before = answers(stream.received());
          action.accept(stream);
          stream.await(PATIENCE, all -> answers(all) > before);
        });
  }

  private static void awaitQuiet(Streams streams) {
    streams.etcd.awaitQuiet(QUIET);
    int events = size(streams.etcd.received());
    streams.brain.await(PATIENCE.dividedBy(5), all -> size(all) >= events);
  }

  // How much was said, however it was gathered into messages.
  private static int size(List<WatchResponse> messages) {
    return messages.stream().mapToInt(message -> Math.max(1, message.getEventsCount())).sum();
  }

  private static void compare(Streams streams) {
    Map<Long, List<String>> etcd = WatchTranscript.of(streams.etcd.received(), true);
    Map<Long, List<String>> brain = WatchTranscript.of(streams.brain.received(), true);
    Set<Long> ids = new HashSet<>(etcd.keySet());
    ids.addAll(brain.keySet());
    for (long id : ids) {
      streams.pair.note(
          Comparison.ofLines(
              streams.where,
              "watch " + id,
              etcd.getOrDefault(id, List.of()),
              brain.getOrDefault(id, List.of())));
    }
    streams.pair.note(
        Comparison.ofLines(
            streams.where,
            "end",
            List.of(end(streams.etcd.end())),
            List.of(end(streams.brain.end()))));
    streams.pair.count("watch script");
  }

  private static String end(@Nullable Answer end) {
    return end == null ? "open" : end.toString();
  }

  private static long answers(List<WatchResponse> messages) {
    return messages.stream().filter(m -> m.getCreated() || m.getCanceled()).count();
  }
}
