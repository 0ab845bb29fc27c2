// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The highest number that was noted before a time. First all are noted, then it is asked. */
final class Floor {
  private record Note(long time, long number) {}

  private final List<Note> notes = new ArrayList<>();
  private long[] times = new long[0];
  private long[] highest = new long[0];

  /** Notes that {@code number} was there at {@code time}. */
  void note(long time, long number) {
    notes.add(new Note(time, number));
  }

  /** The highest number noted before {@code time}, 0 if none. */
  long before(long time) {
    if (times.length != notes.size()) {
      sort();
    }
    int index = Arrays.binarySearch(times, time);
    if (index < 0) {
      index = -index - 1;
    }
    while (index > 0 && times[index - 1] >= time) {
      index--;
    }
    return index == 0 ? 0 : highest[index - 1];
  }

  private void sort() {
    notes.sort(Comparator.comparingLong(Note::time));
    times = new long[notes.size()];
    highest = new long[notes.size()];
    long most = 0;
    for (int i = 0; i < times.length; i++) {
      times[i] = notes.get(i).time;
      most = Math.max(most, notes.get(i).number);
      highest[i] = most;
    }
  }
}
