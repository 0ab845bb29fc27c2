// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import org.junit.jupiter.api.Test;

/** Random operations give the same answers as a plain sorted map. */
interface ModelContract extends ContractFixture {

  @Test
  default void randomOperations_comparedWithASortedMap_giveTheSameAnswers() {
    long seed = Long.getLong("brain.seed", System.nanoTime());
    System.out.println("engine model test: -Dbrain.seed=" + seed);
    new ModelRun(this, seed).run(operations());
  }
}
