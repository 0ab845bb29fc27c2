// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.engine.KeyRange;
import dev.brain.server.event.RevisionBatch;
import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store that remembers everything and can be asked what should have been told. Thread-safe. */
final class ModelStore implements WatchSource, RevisionReader {
  private final List<@Nullable Revision> revisions = new ArrayList<>();
  private final Map<Key, Row> live = new HashMap<>();
  private long compactRevision;
  private @Nullable Failure broken;

  ModelStore() {
    revisions.add(null);
    revisions.add(null);
  }

  static Key key(String text) {
    return Key.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes a revision that changes some of the keys, or a void one. */
  synchronized @Nullable Revision commit(Random random, List<Key> keys) {
    if (random.nextInt(8) == 0) {
      revisions.add(null);
      return null;
    }
    Set<Key> touched = new LinkedHashSet<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      touched.add(keys.get(random.nextInt(keys.size())));
    }
    List<Event> events = new ArrayList<>();
    for (Key key : touched) {
      boolean delete = live.containsKey(key) && random.nextInt(3) == 0;
      events.add(delete ? delete(key) : put(key, new byte[random.nextInt(40)]));
    }
    return add(events);
  }

  /** Makes a revision with a put of each key. */
  synchronized Revision put(Key... keys) {
    List<Event> events = new ArrayList<>();
    for (Key key : keys) {
      events.add(put(key, new byte[10]));
    }
    return add(events);
  }

  /** Makes a revision that deletes a key. */
  synchronized Revision deleted(Key key) {
    return add(List.of(delete(key)));
  }

  private Revision add(List<Event> events) {
    Revision revision = new Revision(revisions.size(), events);
    revisions.add(revision);
    return revision;
  }

  private Event put(Key key, byte[] value) {
    long number = revisions.size();
    Row before = live.get(key);
    Row after =
        before == null
            ? Row.live(number, number, 1, 0, value)
            : Row.live(before.createRevision(), number, before.version() + 1, 0, value);
    live.put(key, after);
    return new Event(key, after, before);
  }

  private Event delete(Key key) {
    return new Event(key, Row.tombstone(revisions.size()), live.remove(key));
  }

  synchronized void compact(long revision) {
    compactRevision = Math.max(compactRevision, revision);
  }

  /** Makes reads fail from now on. */
  synchronized void breakReads(Failure failure) {
    broken = failure;
  }

  /** What a watch should be told of some revisions, both bounds included. */
  synchronized List<Event> expected(WatchSpec spec, long from, long through) {
    List<Event> expected = new ArrayList<>();
    for (long number = from; number <= through && number < revisions.size(); number++) {
      Revision revision = revisions.get((int) number);
      if (revision != null) {
        for (Event event : revision.events()) {
          if (spec.range().contains(event.key().bytes())
              && (event.isDelete() ? spec.deletes() : spec.puts())) {
            expected.add(event);
          }
        }
      }
    }
    return expected;
  }

  /** The newest revision that is not void, as the watermark never rests on a void one. */
  @Override
  public synchronized long revision() {
    int newest = revisions.size() - 1;
    while (newest > 1 && revisions.get(newest) == null) {
      newest--;
    }
    return newest;
  }

  @Override
  public synchronized long compactRevision() {
    return compactRevision;
  }

  @Override
  public RevisionReader log() {
    return this;
  }

  @Override
  public synchronized RevisionBatch read(
      KeyRange range, long from, long through, int maxRevisions, long maxBytes)
      throws FailureException {
    Failure failure = broken;
    if (failure != null) {
      throw new FailureException(failure);
    }
    if (from < compactRevision) {
      throw new FailureException(new Failure.Compacted(compactRevision));
    }
    List<Revision> found = new ArrayList<>();
    long bytes = 0;
    for (long number = from; number <= through; number++) {
      List<Event> events = expected(WatchSpec.of(range, 0), number, number);
      if (events.isEmpty()) {
        continue;
      }
      found.add(new Revision(number, events));
      for (Event event : events) {
        bytes += event.key().bytes().length + event.row().bytes().length;
      }
      if (found.size() == maxRevisions || bytes > maxBytes) {
        return new RevisionBatch(found, number + 1);
      }
    }
    return new RevisionBatch(found, through + 1);
  }
}
