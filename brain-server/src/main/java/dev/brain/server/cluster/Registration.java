// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.cluster;

/** What became of an attempt to register. */
public sealed interface Registration {
  /** The member is registered as this process. */
  record Done() implements Registration {}

  /**
   * Another process is alive under this name. Nothing was changed.
   *
   * @param name the name that both have
   * @param peerUrl where the other one answers
   */
  record NameTaken(String name, String peerUrl) implements Registration {
    /** What the operator is told, in one line. */
    public String message() {
      return "--name: "
          + name
          + " (expected: a name that no running member has; the member at "
          + peerUrl
          + " has it)";
    }
  }
}
