// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import java.util.random.RandomGenerator;

/**
 * What a node knows of a store before it leads or follows.
 *
 * @param clusterId constant over all nodes and restarts; any number but 0, to be read as unsigned
 * @param memberId that of the only node of a store that is never shared
 * @param revision the newest revision that is stored; at least 1
 */
public record StoreIdentity(long clusterId, long memberId, long revision) {
  /**
   * Reads what an engine holds, making an empty store if it holds nothing.
   *
   * @param random makes the ids of a new store
   * @throws EngineException.Corrupted if the engine holds something else, or a newer format
   */
  public static StoreIdentity of(Engine engine, RandomGenerator random) {
    Recovery.check(engine);
    Recovery recovery = Recovery.of(engine, random);
    return new StoreIdentity(recovery.clusterId(), recovery.memberId(), recovery.revision());
  }
}
