// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.engine.KeyRange;
import dev.brain.server.event.EncodedEvent;

/**
 * What a client asks of a watch.
 *
 * @param id the id wanted, or 0 to be given the next free one
 * @param range the keys
 * @param start the first revision wanted, which may lie in the future; 0 for what comes after now
 * @param puts whether puts are wanted
 * @param deletes whether deletes are wanted
 * @param previous whether events carry the version before
 * @param fragment whether a large message may be split
 * @param progress whether to tell from time to time how far the watch has come
 */
public record WatchSpec(
    long id,
    KeyRange range,
    long start,
    boolean puts,
    boolean deletes,
    boolean previous,
    boolean fragment,
    boolean progress) {

  /** A watch of all events of a range, with the versions before. */
  public static WatchSpec of(KeyRange range, long start) {
    return new WatchSpec(0, range, start, true, true, true, false, false);
  }

  /** Whether no kind of event is left out. */
  boolean wantsAll() {
    return puts && deletes;
  }

  /** Whether the kind of an event is wanted; its key is not looked at. */
  boolean wants(EncodedEvent event) {
    return event.isDelete() ? deletes : puts;
  }
}
