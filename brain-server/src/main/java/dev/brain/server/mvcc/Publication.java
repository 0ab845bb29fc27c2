// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.event.RevisionListener;
import dev.brain.server.kv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happens when revisions become visible: keeps the counts, answers, tells the listener. */
final class Publication implements PublishRing.Publisher<Pending> {
  private final CountIndex counts;
  private final Supplier<RevisionListener> listener;

  Publication(CountIndex counts, Supplier<RevisionListener> listener) {
    this.counts = counts;
    this.listener = listener;
  }

  @Override
  public void prepare(List<Pending> group) {
    counts.apply(group);
  }

  @Override
  public void publish(List<Pending> group, long watermark) {
    List<Revision> revisions = new ArrayList<>(group.size());
    for (Pending pending : group) {
      revisions.add(pending.events());
    }
    group.forEach(Pending::visible);
    listener.get().published(revisions);
  }
}
