// SPDX-License-Identifier: Apache-2.0

/**
 * Servers as processes that share an engine, faults that hit them and their links, and clients
 * whose history has to keep every rule.
 */
@NullMarked
package dev.brain.conformance.cluster;

import org.jspecify.annotations.NullMarked;
