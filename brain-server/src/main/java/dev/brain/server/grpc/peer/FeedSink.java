// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import dev.brain.server.kv.Revision;
import java.util.List;

/** Is told of what the leader publishes, by one thread at a time. Must be quick. */
public interface FeedSink {
  /** The leader that tells all this has an epoch. */
  void epoch(long epoch);

  /** The revision up to which this node has everything. */
  long revision();

  /**
   * The next revisions.
   *
   * @param revisions at least one, ascending, above {@link #revision}, none left out
   */
  void publish(List<Revision> revisions);

  /** This node has everything up to a revision; perhaps not above {@link #revision}. */
  void advance(long revision);

  /** This node goes on behind a revision without those before it; perhaps not above. */
  void skip(long revision);
}
