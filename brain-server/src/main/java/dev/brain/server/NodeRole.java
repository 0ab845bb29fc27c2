// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.maintenance.Alarm;
import dev.brain.server.mvcc.StoreView;
import io.grpc.ServerServiceDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a node is for a while: the leader, or a follower. */
interface NodeRole extends AutoCloseable {
  /** What this node reads. */
  StoreView view();

  /** The services that clients call. */
  List<ServerServiceDefinition> services();

  /**
   * Reads something that must be there if reads work; may block.
   *
   * @param serializable whether what this node knows is enough
   * @return why it failed; empty if it did not
   */
  Optional<String> readFailure(boolean serializable);

  /** The alarms that are raised; may block. */
  Collection<Alarm> alarms();

  /** Ends the role; calls that are under way are answered. Waits for the engine. */
  @Override
  void close();
}
