// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.WatchStream;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Everything a server has ever done, revision by revision, as a watch from revision 1 tells it, and
 * what it holds now.
 *
 * @param events the events of each revision, in their order; none may be missing
 */
record History(NavigableMap<Long, List<Event>> events, List<KeyValue> current, long revision) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Asks the server for all of it. */
  static History read(Client client) {
    RangeResponse all = client.answer(Requests.all());
    long revision = all.getHeader().getRevision();
    NavigableMap<Long, List<Event>> events = new TreeMap<>();
    try (WatchStream stream = WatchStream.open(client.channel())) {
      stream.create(
          WatchCreateRequest.newBuilder()
              .setKey(Requests.bytes("\0"))
              .setRangeEnd(Requests.bytes("\0"))
              .setStartRevision(1)
              .build());
      boolean complete =
          revision == 1
              || stream.await(
                  PATIENCE, messages -> highest(messages) >= revision || ended(messages));
      if (!complete || ended(stream.received())) {
        throw new IllegalStateException(
            "no whole history up to " + revision + ", end " + stream.end());
      }
      for (WatchResponse response : stream.received()) {
        for (Event event : response.getEventsList()) {
          events.computeIfAbsent(event.getKv().getModRevision(), _ -> new ArrayList<>()).add(event);
        }
      }
    }
    return new History(events.headMap(revision, true), all.getKvsList(), revision);
  }

  private static long highest(List<WatchResponse> messages) {
    return messages.stream()
        .skip(Math.max(0, messages.size() - 1))
        .flatMap(response -> response.getEventsList().stream())
        .mapToLong(event -> event.getKv().getModRevision())
        .max()
        .orElse(0);
  }

  private static boolean ended(List<WatchResponse> messages) {
    return messages.stream().anyMatch(WatchResponse::getCanceled);
  }
}
