// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What can happen to a file. */
enum Damage {
  CUT {
    @Override
    byte[] apply(byte[] content, Random random) {
      return Arrays.copyOf(content, random.nextInt(Math.max(1, content.length)));
    }
  },
  FLIPPED {
    @Override
    byte[] apply(byte[] content, Random random) {
      byte[] damaged = content.clone();
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return damaged;
    }
  },
  ZEROED {
    @Override
    byte[] apply(byte[] content, Random random) {
      byte[] damaged = content.clone();
      int from = random.nextInt(Math.max(1, damaged.length));
      Arrays.fill(damaged, from, Math.min(damaged.length, from + 4096), (byte) 0);
      return damaged;
    }
  },
  EMPTIED {
    @Override
    byte[] apply(byte[] content, Random random) {
      return new byte[0];
    }
  },
  DELETED {
    @Override
    byte @Nullable [] apply(byte[] content, Random random) {
      return null;
    }
  };

  /** The content after the damage, a new array, or null if the file is gone. */
  abstract byte @Nullable [] apply(byte[] content, Random random);
}
