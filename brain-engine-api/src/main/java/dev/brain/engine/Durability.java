// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/** When a commit counts as done. */
public enum Durability {
  /** After it is on stable storage: it survives kill and loss of power. The default. */
  SYNCED,
  /** After the operating system has it: it survives kill, not necessarily loss of power. */
  BUFFERED
}
