// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

/** Where PD tells clients to go. */
interface Addresses {
  String pdUrl();

  /** Its {@code host:port}. */
  String store(int store);
}
