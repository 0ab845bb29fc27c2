// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.KeyRange;
import dev.brain.engine.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.LiveFileMetaData;

/** Cuts a range into parts of similar size at the first keys of tables. */
final class Splits {
  private Splits() {}

  /** At most {@code parts - 1} borders; fewer, or none, where there are few tables. */
  static List<byte[]> of(Database database, Space space, KeyRange range, int parts) {
    byte[] family = Tuning.familyName(space);
    List<LiveFileMetaData> tables =
        database.rocks().getLiveFilesMetaData().stream()
            .filter(table -> Arrays.equals(table.columnFamilyName(), family))
            .filter(table -> isInside(range, table.smallestKey()))
            .sorted(
                (left, right) -> Arrays.compareUnsigned(left.smallestKey(), right.smallestKey()))
            .toList();
    long total = tables.stream().mapToLong(LiveFileMetaData::size).sum();
    List<byte[]> borders = new ArrayList<>();
    long passed = 0;
    for (LiveFileMetaData table : tables) {
      // The next border is due once so many parts' share of the bytes is behind it.
      boolean due = passed * parts >= total * (borders.size() + 1);
      passed += table.size();
      if (due && borders.size() < parts - 1 && isNew(borders, table.smallestKey())) {
        borders.add(table.smallestKey());
      }
    }
    return borders;
  }

  private static boolean isInside(KeyRange range, byte[] key) {
    return range.contains(key) && !Arrays.equals(key, range.start());
  }

  private static boolean isNew(List<byte[]> borders, byte[] key) {
    return borders.isEmpty() || !Arrays.equals(borders.getLast(), key);
  }
}
