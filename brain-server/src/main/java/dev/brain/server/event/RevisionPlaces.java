// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

/** A queue of ascending revision numbers with a position for each. For one thread at a time. */
final class RevisionPlaces {
  /*
   * A ring that doubles when it is full. Number and position of an entry stand side by side.
   */

  private static final int FIRST_CAPACITY = 1024;

  private long[] ring = new long[2 * FIRST_CAPACITY];
  private int first;
  private int size;

  int size() {
    return size;
  }

  long number(int index) {
    return ring[place(index)];
  }

  /** The position behind the revision. */
  long end(int index) {
    return ring[place(index) + 1];
  }

  /** The index of the first entry at or above a number, or the size. */
  int indexOf(long number) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (number(middle) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void add(long number, long end) {
    if (2 * size == ring.length) {
      grow();
    }
    size++;
    ring[place(size - 1)] = number;
    ring[place(size - 1) + 1] = end;
  }

  void removeFirst() {
    first = (first + 1) % (ring.length / 2);
    size--;
  }

  private int place(int index) {
    return 2 * ((first + index) % (ring.length / 2));
  }

  private void grow() {
    long[] larger = new long[2 * ring.length];
    int behind = ring.length - 2 * first;
    System.arraycopy(ring, 2 * first, larger, 0, behind);
    System.arraycopy(ring, 0, larger, behind, 2 * first);
    ring = larger;
    first = 0;
  }
}
