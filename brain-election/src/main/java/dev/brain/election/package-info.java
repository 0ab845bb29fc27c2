// SPDX-License-Identifier: Apache-2.0

/**
 * Who leads. Who may write is proved to the engine: {@link dev.brain.election.Epoch#claim} takes
 * the next epoch, and each commit carries the epoch's fence as a condition, so that nothing an
 * older leader sends later can be applied. Who should lead is decided by an {@link
 * dev.brain.election.Election}, by a record that one {@link dev.brain.election.LeaderRecordStore}
 * keeps for all nodes.
 */
@NullMarked
package dev.brain.election;

import org.jspecify.annotations.NullMarked;
