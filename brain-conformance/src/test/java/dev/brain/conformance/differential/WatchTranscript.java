// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Texts;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a watch stream has said, per watch id, as lines that do not depend on how a server gathers
 * revisions into responses. What a server may not choose is checked on the way: header, order and
 * atomicity of the events.
 */
final class WatchTranscript {
  private static final long NO_ID = -1;

  private final Map<Long, List<String>> lines = new TreeMap<>();
  private final Map<Long, Long> last = new TreeMap<>();
  private final Map<Long, Boolean> inFragment = new TreeMap<>();
  private final Map<Long, Boolean> ended = new TreeMap<>();

  /**
   * The lines of responses in their order of arrival.
   *
   * @param everything whether answers to requests for progress, and to cancels of watches that had
   *     ended, count
   */
  static Map<Long, List<String>> of(List<WatchResponse> responses, boolean everything) {
    WatchTranscript transcript = new WatchTranscript();
    for (WatchResponse response : responses) {
      transcript.add(response, everything);
    }
    return transcript.lines;
  }

  private void add(WatchResponse response, boolean everything) {
    long id = response.getWatchId();
    if (!everything && acknowledgesEnd(response)) {
      return;
    }
    if (response.getCreated() || response.getCanceled()) {
      ended.put(id, response.getCanceled());
      WatchResponse.Builder outline = response.toBuilder().clearEvents();
      outline.setHeader(
          (dev.brain.proto.etcdserverpb.ResponseHeader) Normal.of(response.getHeader()));
      line(id, "message { " + Texts.oneLine(outline) + " }");
      if (response.getCreated()) {
        last.remove(id);
      }
    } else if (response.getEventsCount() == 0) {
      if (id != NO_ID || everything) {
        line(id, "progress at " + response.getHeader().getRevision());
      }
    }
    events(id, response);
  }

  // etcd answers the cancel of a watch that a compaction has ended before, Brain does not.
  private boolean acknowledgesEnd(WatchResponse response) {
    return response.getCanceled()
        && !response.getCreated()
        && response.getCompactRevision() == 0
        && ended.getOrDefault(response.getWatchId(), false);
  }

  private void events(long id, WatchResponse response) {
    long before = last.getOrDefault(id, 0L);
    boolean continued = inFragment.getOrDefault(id, false);
    for (int i = 0; i < response.getEventsCount(); i++) {
      Event event = response.getEvents(i);
      long revision = event.getKv().getModRevision();
      if (revision > response.getHeader().getRevision()) {
        line(id, "BROKEN: event above the header's revision: " + Texts.oneLine(response));
      }
      if (revision < before || (i == 0 && revision == before && !continued)) {
        line(id, "BROKEN: event at " + revision + " in a response after one at " + before);
      }
      before = revision;
      line(id, "event { " + Texts.oneLine(event) + " }");
    }
    if (response.getEventsCount() > 0) {
      last.put(id, before);
      inFragment.put(id, response.getFragment());
    }
  }

  private void line(long id, String line) {
    lines.computeIfAbsent(id, _ -> new ArrayList<>()).add(line);
  }
}
