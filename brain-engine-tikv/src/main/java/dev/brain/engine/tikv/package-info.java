// SPDX-License-Identifier: Apache-2.0
/**
 * The distributed engine: TiKV, a sorted key-value store over many machines. Commits are optimistic
 * Percolator transactions, in one phase where all rows are in one region.
 */
@NullMarked
package dev.brain.engine.tikv;

import org.jspecify.annotations.NullMarked;
