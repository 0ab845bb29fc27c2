// SPDX-License-Identifier: Apache-2.0

/**
 * When leases end. That they exist, and which keys they hold, is in the store; here are only the
 * deadlines, which live in memory and start anew with each leader.
 */
@NullMarked
package dev.brain.server.lease;

import org.jspecify.annotations.NullMarked;
