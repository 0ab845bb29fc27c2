// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeySpaceTest {
  private static final Comparator<ByteString> ORDER =
      ByteString.unsignedLexicographicalComparator();

  @Test
  void key_anyIndex_hasTheSizeAndLeadsBack() {
    KeySpace keys = new KeySpace("/registry/bench/", 70);
    Set<ByteString> seen = new HashSet<>();
    for (long index : new long[] {0, 1, 2, 99_999, Integer.MAX_VALUE, Long.MAX_VALUE}) {
      ByteString key = keys.key(index);
      assertThat(key.size()).isEqualTo(70);
      assertThat(keys.index(key)).isEqualTo(index);
      assertThat(ORDER.compare(keys.start(), key)).isNegative();
      assertThat(ORDER.compare(key, keys.end())).isNegative();
      assertThat(seen.add(key)).isTrue();
    }
  }

  @Test
  void key_leastSize_hasNoPadding() {
    assertThat(new KeySpace("/p/", 29).key(1).toStringUtf8())
        .isEqualTo("/p/ns-4f/pod-9e3779b97f4a7c15");
  }

  @Test
  void new_tooSmall_isRefused() {
    assertThatThrownBy(() -> new KeySpace("/p/", 28))
        .isInstanceOf(WorkloadException.class)
        .hasMessage("key size: 28 (expected: at least 29 bytes for /p/)");
  }
}
