// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/** Decides whether requests that need new space may go on. Thread-safe; must be quick. */
public interface WriteGate {
  /** Lets everything pass. */
  WriteGate OPEN = () -> true;

  /** Whether puts and lease grants are allowed now; deletes and compactions always are. */
  boolean allowsGrowth();
}
