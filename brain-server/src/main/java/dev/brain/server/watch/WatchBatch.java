// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.event.EncodedEvent;
import java.util.List;

/**
 * Events for one watch. All events of a revision are in one batch.
 *
 * @param watchId the watch
 * @param revision the watch has been given everything up to here; at least that of the last event
 * @param events what happened, in order; at least one. Shared: must not be changed
 * @param previous whether the events are to be sent with the version before
 * @param fragment whether the batch may be split into several messages
 */
public record WatchBatch(
    long watchId, long revision, List<EncodedEvent> events, boolean previous, boolean fragment) {

  /** The bytes of all events. */
  long bytes() {
    long bytes = 0;
    for (EncodedEvent event : events) {
      bytes += event.length(previous);
    }
    return bytes;
  }
}
