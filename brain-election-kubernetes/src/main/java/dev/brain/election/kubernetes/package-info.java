// SPDX-License-Identifier: Apache-2.0

/**
 * The leader's record as a Lease of Kubernetes. Only the keeping of the record is here; the rules
 * of the election are in {@code dev.brain.election}.
 */
@NullMarked
package dev.brain.election.kubernetes;

import org.jspecify.annotations.NullMarked;
