// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ValuesTest {

  @Test
  void value_manyIndexes_allDifferAndAreRepeatable() {
    Values values = new Values(512, new SplittableRandom(1));
    Values again = new Values(512, new SplittableRandom(1));
    Set<ByteString> seen = new HashSet<>();
    for (long index = 0; index < 1000; index++) {
      assertThat(values.value(index).size()).isEqualTo(512);
      assertThat(values.value(index)).isEqualTo(again.value(index));
      seen.add(values.value(index));
    }
    assertThat(seen).hasSizeGreaterThan(990);
  }

  @Test
  void stamped_anyStamp_replacesTheFirstBytesOnly() {
    Values values = new Values(16, new SplittableRandom(1));
    ByteString stamped = values.stamped(5, 0x0102030405060708L);
    assertThat(stamped.substring(0, 8).toByteArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(stamped.substring(8)).isEqualTo(values.value(5).substring(8));
  }
}
