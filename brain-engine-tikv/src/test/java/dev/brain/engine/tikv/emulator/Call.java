// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.tikv.shade.com.google.protobuf.Message;

/**
 * A request that has come in.
 *
 * @param method its bare name, as {@code KvPrewrite}, {@code Tso}, {@code GetRegion}
 * @param store to which store, from 1; 0: to PD
 * @param front by which front, from 0
 */
public record Call(String method, int store, int front, Message request) {
  public boolean toPd() {
    return store == 0;
  }
}
