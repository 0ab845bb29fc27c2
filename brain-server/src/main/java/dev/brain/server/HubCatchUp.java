// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.server.event.RevisionBatch;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.mvcc.StoreView;
import dev.brain.server.watch.WatchHub;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the hub of a node that begins to lead to the newest revision. */
final class HubCatchUp {
  private static final Logger logger = LoggerFactory.getLogger(HubCatchUp.class);

  /** What is further behind is skipped: those who watch read it from the log, each on its own. */
  private static final long MOST_REVISIONS = 5_000;

  private static final int BATCH_REVISIONS = 500;
  private static final long BATCH_BYTES = 4 << 20;

  private HubCatchUp() {}

  /**
   * Tells a hub what it was not told of yet. Blocks.
   *
   * @throws EngineException.Unavailable if the log cannot be read
   */
  static void run(WatchHub hub, StoreView view) {
    long newest = view.revision();
    long next = hub.newest() + 1;
    boolean skip = newest - next > MOST_REVISIONS;
    while (!skip && next <= newest) {
      try {
        RevisionBatch batch =
            view.log().read(KeyRange.all(), next, newest, BATCH_REVISIONS, BATCH_BYTES);
        if (!batch.revisions().isEmpty()) {
          hub.published(batch.revisions());
        }
        next = batch.next();
      } catch (FailureException e) {
        if (!(e.failure() instanceof Failure.Compacted)) {
          throw new EngineException.Unavailable(
              "the event log could not be read: " + e.failure(), e);
        }
        skip = true;
      }
    }
    if (hub.newest() < newest) {
      logger.info("watches go from revision {} to {} by the event log", hub.newest(), newest);
      hub.skip(newest);
    }
  }
}
