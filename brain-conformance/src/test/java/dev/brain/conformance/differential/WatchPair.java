// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.WatchStream;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The same watch stream on both servers, always with the same requests. For one thread. */
final class WatchPair implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofMillis(20);
  private static final long NO_ID = -1;

  private final Pair pair;
  private final String name;
  private final WatchStream etcd;
  private final WatchStream brain;
  private final Set<Long> live = new TreeSet<>();
  private long highestStart;

  WatchPair(Pair pair, String name) {
    this.pair = pair;
    this.name = name;
    this.etcd = WatchStream.open(pair.etcd.client.channel());
    this.brain = WatchStream.open(pair.brain.client.channel());
  }

  /** The ids of the watches that neither side has ended. */
  List<Long> live() {
    return List.copyOf(live);
  }

  /** The highest start revision that any of its watches has had. */
  long highestStart() {
    return highestStart;
  }

  /**
   * Creates a watch on both. A start below {@code compactRevision} ends it again, which the client
   * acknowledges by a cancel: etcd counts such a watch as unsynced until then.
   */
  void create(String where, WatchCreateRequest request, long compactRevision) {
    boolean compacted =
        request.getStartRevision() > 0 && request.getStartRevision() < compactRevision;
    both(
        stream -> {
          int before = stream.received().size();
          stream.create(request);
          requireArrival(where, stream, messages -> created(messages, before) > 0);
          boolean refused = last(stream.received()).getCanceled();
          if (compacted && !refused) {
            requireArrival(where, stream, messages -> canceled(messages, before) > 0);
          }
        });
    WatchResponse created = last(etcd.received());
    if (created.getCanceled()) {
      return;
    }
    highestStart = Math.max(highestStart, request.getStartRevision());
    live.add(created.getWatchId());
    if (compacted) {
      // Only etcd answers, and counts the watch as not synced until it has.
      int before = etcd.received().size();
      etcd.cancel(created.getWatchId());
      requireArrival(where, etcd, messages -> canceled(messages, before) > 0);
      live.remove(created.getWatchId());
    }
  }

  /** Cancels a live watch on both. What has not arrived before may or may not arrive. */
  void cancel(String where, long id) {
    both(
        stream -> {
          int before = stream.received().size();
          stream.cancel(id);
          requireArrival(where, stream, messages -> canceled(messages, before) > 0);
        });
    live.remove(id);
  }

  /** Cancels what does not exist, which has no answer. */
  void cancelUnknown(long id) {
    etcd.cancel(id);
    brain.cancel(id);
  }

  /**
   * Waits until both sides say by a progress answer that everything up to {@code revision} was
   * sent, then compares all that has arrived. All watches must have started.
   */
  void settle(String where, long revision) {
    if (!live.isEmpty()) {
      both(stream -> settle(where, stream, revision));
    }
    compare(where);
  }

  private void settle(String where, WatchStream stream, long revision) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean settled = false;
    while (!settled && System.nanoTime() < end) {
      stream.progress();
      settled =
          stream.await(
              AGAIN,
              messages ->
                  messages.stream()
                      .anyMatch(m -> isProgress(m) && m.getHeader().getRevision() >= revision));
    }
    if (!settled) {
      late(where + ": progress at " + revision, stream);
    }
  }

  private void compare(String where) {
    List<WatchResponse> left = etcd.drain();
    List<WatchResponse> right = brain.drain();
    left.forEach(response -> response.getEventsList().forEach(_ -> pair.count("event")));
    left.stream().filter(WatchResponse::getCanceled).forEach(_ -> pair.count("watch canceled"));
    Map<Long, List<String>> leftLines = WatchTranscript.of(left, false);
    Map<Long, List<String>> rightLines = WatchTranscript.of(right, false);
    Set<Long> ids = new HashSet<>(leftLines.keySet());
    ids.addAll(rightLines.keySet());
    List<Difference> differences = new ArrayList<>();
    for (long id : ids) {
      differences.addAll(
          Comparison.ofLines(
              where + " (stream " + name + ")",
              "watch " + id,
              leftLines.getOrDefault(id, List.of()),
              rightLines.getOrDefault(id, List.of())));
    }
    pair.note(differences);
  }

  private void both(Consumer<WatchStream> action) {
    action.accept(etcd);
    action.accept(brain);
  }

  private void requireArrival(
      String where, WatchStream stream, Predicate<List<WatchResponse>> enough) {
    if (!stream.await(PATIENCE, enough)) {
      late(where, stream);
    }
  }

  private void late(String where, WatchStream stream) {
    pair.note(
        List.of(
            new Difference(
                where + " (stream " + name + ")",
                "arrival",
                stream == etcd ? "nothing in time, end " + etcd.end() : "in time",
                stream == brain ? "nothing in time, end " + brain.end() : "in time")));
  }

  private static long created(List<WatchResponse> messages, int from) {
    return messages.stream().skip(from).filter(WatchResponse::getCreated).count();
  }

  private static long canceled(List<WatchResponse> messages, int from) {
    return messages.stream().skip(from).filter(WatchResponse::getCanceled).count();
  }

  // The last answer to a create; one that says canceled when none has arrived.
  private static WatchResponse last(List<WatchResponse> messages) {
    return messages.stream()
        .filter(WatchResponse::getCreated)
        .reduce((_, later) -> later)
        .orElse(WatchResponse.newBuilder().setCreated(true).setCanceled(true).build());
  }

  private static boolean isProgress(WatchResponse response) {
    return response.getWatchId() == NO_ID
        && !response.getCreated()
        && !response.getCanceled()
        && response.getEventsCount() == 0;
  }

  @Override
  public void close() {
    etcd.close();
    brain.close();
  }
}
