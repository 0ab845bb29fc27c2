// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What etcd's answers have told so far, from which the next requests are made. For one thread. */
final class View {
  long revision = 1;
  long compactRevision;
  final List<Long> leases = new ArrayList<>();
  private long lastLease = 1_000;

  /** An id that no lease has had. */
  long newLease() {
    lastLease += 7;
    return lastLease;
  }

  /** A lease: mostly a live one, at times one that is unknown, 0 or negative. */
  long someLease(Random random) {
    if (leases.isEmpty() || random.nextInt(12) == 0) {
      return switch (random.nextInt(4)) {
        case 0 -> 0;
        case 1 -> -5;
        default -> 999;
      };
    }
    return leases.get(random.nextInt(leases.size()));
  }

  /** A revision: newest, a readable one, the borders, a compacted or a future one, or nonsense. */
  long someRevision(Random random) {
    return switch (random.nextInt(16)) {
      case 0 -> revision;
      case 1 -> revision + 1;
      case 2 -> revision + random.nextInt(1_000);
      case 3 -> compactRevision;
      case 4 -> compactRevision - 1;
      case 5 -> -random.nextInt(3);
      case 6 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
      default -> readableRevision(random);
    };
  }

  /** A revision that is neither compacted nor in the future. */
  long readableRevision(Random random) {
    long oldest = Math.max(1, compactRevision);
    return oldest + random.nextLong(Math.max(1, revision - oldest + 1));
  }
}
