// SPDX-License-Identifier: Apache-2.0

/**
 * Who may lead. Leading is proved to the engine: {@link dev.brain.election.Epoch#claim} takes the
 * next epoch, and each commit carries the epoch's fence as a condition, so that nothing an older
 * leader sends later can be applied.
 */
@NullMarked
package dev.brain.election;

import org.jspecify.annotations.NullMarked;
