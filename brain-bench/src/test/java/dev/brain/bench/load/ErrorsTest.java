// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorsTest {

  @Test
  void add_manyTexts_countsTheRestAsOne() {
    Errors errors = new Errors();
    for (int i = 0; i < 100; i++) {
      errors.add("text " + i);
      errors.add("text 1");
    }
    assertThat(errors.total()).isEqualTo(200);
    assertThat(errors.counts()).hasSize(33).containsEntry("text 1", 101L);
    assertThat(errors.counts()).containsEntry("other errors", 68L);
  }
}
