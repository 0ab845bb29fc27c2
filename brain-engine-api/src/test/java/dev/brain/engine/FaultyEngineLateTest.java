// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/** The kit over an engine whose batches arrive late and whose storage cannot tell at first. */
class FaultyEngineLateTest extends FaultyEngineTest {

  @Override
  CommitPlan plan(CommitFault fault) {
    return fault == CommitFault.UNKNOWN_APPLIED
        ? CommitPlan.unknownLate().stillUnknown(2)
        : super.plan(fault).stillUnknown(2);
  }
}
