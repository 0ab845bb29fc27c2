// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.kv.Failure;

/**
 * Where the watches of one stream send. Called by one thread at a time, in the executor of the
 * session; must not block. Whatever is given is on its way: it is not given again.
 */
public interface WatchSink {
  /**
   * Whether more can be sent without piling up. A sink that answered false calls {@link
   * WatchSession#ready} once that has changed.
   */
  boolean isReady();

  /** Sends events. Now and then called once although the sink is not ready. */
  void events(WatchBatch batch);

  /**
   * Says how far watches have come.
   *
   * @param watchId the watch, or {@link WatchSession#ALL_WATCHES}
   * @param revision every event up to here was sent before
   */
  void progress(long watchId, long revision);

  /**
   * A watch has ended because the events that it needs next are gone.
   *
   * @param compactRevision the least revision that can be watched from
   */
  void compacted(long watchId, long compactRevision);

  /** All watches of the stream have ended: the server stops. */
  void stopped();

  /** All watches of the stream have ended: the event log cannot be read. */
  void failed(Failure failure);
}
