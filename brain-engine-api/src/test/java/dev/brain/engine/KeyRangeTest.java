// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.range;
import static dev.brain.engine.Rows.textOrNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyRangeTest {

  @Test
  void contains_border_startIsInAndEndIsOut() {
    KeyRange range = range("b", "d");

    assertThat(range.contains(bytes("a\u00ff"))).isFalse();
    assertThat(range.contains(bytes("b"))).isTrue();
    assertThat(range.contains(bytes("c\u00ff"))).isTrue();
    assertThat(range.contains(bytes("d"))).isFalse();
  }

  @Test
  void contains_highBytes_orderIsUnsigned() {
    assertThat(range("\u007f", "\u0081").contains(bytes("\u0080"))).isTrue();
    assertThat(range("a", null).contains(bytes("\u00ff"))).isTrue();
    assertThat(range("\u0080", null).contains(bytes("a"))).isFalse();
  }

  @Test
  void prefixEnd_highBytesAtTheEnd_areDropped() {
    assertThat(textOrNull(KeyRange.prefixEnd(bytes("a")))).isEqualTo("b");
    assertThat(textOrNull(KeyRange.prefixEnd(bytes("a\u00ff\u00ff")))).isEqualTo("b");
    assertThat(textOrNull(KeyRange.prefixEnd(bytes("a\u007f")))).isEqualTo("a\u0080");
    assertThat(KeyRange.prefixEnd(bytes("\u00ff\u00ff"))).isNull();
    assertThat(KeyRange.prefixEnd(bytes(""))).isNull();
    assertThat(KeyRange.prefix(bytes(""))).isEqualTo(KeyRange.all());
  }

  @Test
  void isEmpty_endAtOrBelowStart_isTrue() {
    assertThat(range("b", "b").isEmpty()).isTrue();
    assertThat(range("b", "a").isEmpty()).isTrue();
    assertThat(range("", "").isEmpty()).isTrue();
    assertThat(range("b", "b\0").isEmpty()).isFalse();
    assertThat(KeyRange.all().isEmpty()).isFalse();
  }

  @Test
  void isSingle_successorAsEnd_isTrue() {
    assertThat(KeyRange.single(bytes("a")).isSingle()).isTrue();
    assertThat(KeyRange.single(bytes("")).isSingle()).isTrue();
    assertThat(range("a", "b").isSingle()).isFalse();
    assertThat(range("a", "b\0").isSingle()).isFalse();
    assertThat(range("a", "a\u0001").isSingle()).isFalse();
    assertThat(range("a", null).isSingle()).isFalse();
  }

  @Test
  void equals_sameBounds_isTrueWhateverTheArrays() {
    assertThat(range("a", "b")).isEqualTo(range("a", "b")).hasSameHashCodeAs(range("a", "b"));
    assertThat(range("a", null)).isNotEqualTo(range("a", "")).isEqualTo(range("a", null));
  }

  @Test
  void toString_always_hidesTheBytes() {
    assertThat(range("secret", null)).hasToString("KeyRange[start=6 bytes, end=none]");
  }
}
