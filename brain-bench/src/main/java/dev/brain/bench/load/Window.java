// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

/**
 * The time in which operations are measured. Empty until it is opened; then its bounds can only
 * move nearer. Safe for all threads.
 */
final class Window {
  private volatile Bounds bounds = new Bounds(0, 0);

  /** Plans the window, in nanoseconds of the clock. */
  synchronized void open(long start, long length) {
    bounds = new Bounds(start, start + length);
  }

  /** Starts the window now, unless it has started; its length stays. */
  synchronized void startNow(long now) {
    if (now - bounds.start < 0) {
      bounds = new Bounds(now, now + (bounds.end - bounds.start));
    }
  }

  /** Ends the window now, unless it ended before; a window that has not started is left empty. */
  synchronized void endNow(long now) {
    if (now - bounds.end < 0) {
      bounds = new Bounds(now - bounds.start < 0 ? now : bounds.start, now);
    }
  }

  long start() {
    return bounds.start;
  }

  long end() {
    return bounds.end;
  }

  boolean contains(long time) {
    Bounds now = bounds;
    return time - now.start >= 0 && time - now.end < 0;
  }

  private record Bounds(long start, long end) {}
}
