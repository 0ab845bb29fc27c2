// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import java.util.List;

/**
 * A transaction: if all compares hold the success operations run, else the failure operations.
 *
 * @param compares the guards; none means success
 * @param success what to do if all of them hold
 * @param failure what to do otherwise
 */
public record Txn(List<Compare> compares, List<Op> success, List<Op> failure) {
  public Txn {
    compares = List.copyOf(compares);
    success = List.copyOf(success);
    failure = List.copyOf(failure);
  }

  /** A transaction of one unconditional operation. */
  public static Txn of(Op op) {
    return new Txn(List.of(), List.of(op), List.of());
  }

  /** Whether no branch can change anything. */
  public boolean isReadOnly() {
    return Op.areReadOnly(success) && Op.areReadOnly(failure);
  }
}
