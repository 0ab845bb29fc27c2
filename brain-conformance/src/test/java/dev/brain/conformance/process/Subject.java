// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.process;

/**
 * What is tested in Brain's place: Brain, unless {@code -Dconformance.subject=ETCD} says otherwise.
 */
public final class Subject {
  private Subject() {}

  /** The program under test. A test that cannot pass on a real etcd is itself wrong. */
  public static Program program() {
    return Program.valueOf(System.getProperty("conformance.subject", "BRAIN"));
  }
}
