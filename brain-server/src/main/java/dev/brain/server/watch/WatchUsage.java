// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all watches together use now. Thread-safe. */
public final class WatchUsage {
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger watches = new AtomicInteger();
  private final AtomicInteger behind = new AtomicInteger();
  private final AtomicLong unsentBytes = new AtomicLong();
  private final LongAdder events = new LongAdder();

  WatchUsage() {}

  /** The open streams. */
  public int streams() {
    return streams.get();
  }

  /** The watches of all streams. */
  public int watches() {
    return watches.get();
  }

  /** The watches that have not been given everything that happened. */
  public int behind() {
    return behind.get();
  }

  /** At most so many bytes of events were handed to streams that could not take more since. */
  public long unsentBytes() {
    return unsentBytes.get();
  }

  /** The events sent since the start, counted once for each watch. */
  public long events() {
    return events.sum();
  }

  boolean addStream(int limit) {
    return add(streams, limit);
  }

  void removeStream() {
    streams.decrementAndGet();
  }

  boolean addWatch(int limit) {
    return add(watches, limit);
  }

  void removeWatch() {
    watches.decrementAndGet();
  }

  void addBehind(int change) {
    behind.addAndGet(change);
  }

  void addUnsent(long change) {
    unsentBytes.addAndGet(change);
  }

  void addEvents(int count) {
    events.add(count);
  }

  private static boolean add(AtomicInteger count, int limit) {
    if (count.incrementAndGet() <= limit) {
      return true;
    }
    count.decrementAndGet();
    return false;
  }
}
