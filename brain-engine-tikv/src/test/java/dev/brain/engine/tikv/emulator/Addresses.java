// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

/** Where PD tells clients to go: {@code host:port}. */
interface Addresses {
  String pd();

  String store(int store);
}
