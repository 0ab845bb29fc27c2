// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what became of a compaction that no client waits for. */
record LoggedCompaction(long revision) implements Completion<Long> {
  private static final Logger log = LoggerFactory.getLogger(LoggedCompaction.class);

  @Override
  public void complete(Long newest) {
    log.debug("compacted to revision {}", revision);
  }

  @Override
  public void fail(Failure failure) {
    // That a client has compacted further already is as good.
    if (!(failure instanceof Failure.Compacted)) {
      log.warn("compaction to revision {} failed: {}", revision, failure);
    }
  }
}
