// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.event.RevisionReader;
import dev.brain.server.mvcc.StoreView;
import dev.brain.server.watch.WatchSource;
import java.util.function.Supplier;

/**
 * What watches see of a node whose role changes.
 *
 * @param view what the node reads now; its revision never goes down
 */
record NodeWatchSource(Supplier<StoreView> view) implements WatchSource {
  @Override
  public long revision() {
    return view.get().revision();
  }

  @Override
  public long compactRevision() {
    return view.get().compactRevision();
  }

  @Override
  public RevisionReader log() {
    return view.get().log();
  }
}
