// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import dev.brain.server.kv.Revision;
import java.util.List;

/** Is told of every revision once it is visible. */
public interface RevisionListener {
  /**
   * The watermark has moved to the last of these revisions.
   *
   * <p>Called by one thread at a time, in order, each revision once; a number may be missing
   * between two revisions (it was void). Must be quick and must not block or throw: writes wait
   * behind it.
   *
   * @param revisions at least one, ascending
   */
  void published(List<Revision> revisions);
}
