// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.event.RevisionReader;
import dev.brain.server.mvcc.Store;
import dev.brain.server.watch.WatchSource;

/** What watches see of a store. */
record StoreWatchSource(Store store) implements WatchSource {
  @Override
  public long revision() {
    return store.revision();
  }

  @Override
  public long compactRevision() {
    return store.compactRevision();
  }

  @Override
  public RevisionReader log() {
    return store.log();
  }
}
