// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.server.kv.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Leases and the keys attached to them, as decided.
 *
 * <p>Thread-safe by its monitor, for the sake of readers; changed only in the sequencer's turn.
 * Memory grows with the number of leases and attached keys, as it does in etcd. Started from rows
 * of the meta space, so that a restart reads what is leased and not the whole key space.
 */
final class LeaseTable {
  private record Entry(LeaseRecord lease, TreeSet<Key> keys) {}

  private final Map<Long, Entry> entries = new HashMap<>();

  /** Reads the stored leases into an empty table. Blocks. */
  synchronized void load(Engine engine) {
    try (Snapshot snapshot = engine.snapshot()) {
      try (Cursor leases = snapshot.scan(Space.META, MetaKeys.leases(), ScanOptions.FORWARD)) {
        while (leases.next()) {
          byte[] row = leases.key();
          grant(new LeaseRecord(MetaKeys.leaseId(row), MetaKeys.number(row, leases.value())));
        }
      }
      try (Cursor keys = snapshot.scan(Space.META, MetaKeys.leaseKeys(), ScanOptions.KEYS)) {
        while (keys.next()) {
          byte[] row = keys.key();
          attach(MetaKeys.attachedLease(row), MetaKeys.attachedKey(row));
        }
      }
    }
  }

  synchronized boolean exists(long id) {
    return entries.containsKey(id);
  }

  synchronized List<LeaseRecord> all() {
    List<LeaseRecord> all = new ArrayList<>(entries.size());
    for (Entry entry : entries.values()) {
      all.add(entry.lease());
    }
    return all;
  }

  /** The keys of a lease in key order; empty if it does not exist. */
  synchronized List<Key> keys(long id) {
    Entry entry = entries.get(id);
    return entry == null ? List.of() : List.copyOf(entry.keys());
  }

  synchronized int size(long id) {
    Entry entry = entries.get(id);
    return entry == null ? 0 : entry.keys().size();
  }

  synchronized void grant(LeaseRecord lease) {
    entries.put(lease.id(), new Entry(lease, new TreeSet<>()));
  }

  /** Removes a lease and answers what it was; null if it does not exist. */
  synchronized @Nullable LeaseRecord revoke(long id) {
    Entry entry = entries.remove(id);
    return entry == null ? null : entry.lease();
  }

  /** Follows what changes do to attachments. */
  synchronized void apply(List<Change> changes) {
    for (Change change : changes) {
      long old = change.before() == null ? 0 : change.before().lease();
      long attached = change.after().lease();
      if (old != attached) {
        detach(old, change.head().key());
        attach(attached, change.head().key());
      }
    }
  }

  /** Takes back what {@link #apply} did; the leases that changes name exist again. */
  synchronized void revert(List<Change> changes) {
    for (Change change : changes) {
      long old = change.before() == null ? 0 : change.before().lease();
      long attached = change.after().lease();
      if (old != attached) {
        detach(attached, change.head().key());
        attach(old, change.head().key());
      }
    }
  }

  private void attach(long id, Key key) {
    @Nullable Entry entry = entries.get(id);
    if (entry != null) {
      entry.keys().add(key);
    }
  }

  private void detach(long id, Key key) {
    @Nullable Entry entry = entries.get(id);
    if (entry != null) {
      entry.keys().remove(key);
    }
  }
}
