// SPDX-License-Identifier: Apache-2.0

/**
 * Copies of a whole store in one file, which any engine can write and any engine can be restored
 * from.
 */
@NullMarked
package dev.brain.server.snapshot;

import org.jspecify.annotations.NullMarked;
