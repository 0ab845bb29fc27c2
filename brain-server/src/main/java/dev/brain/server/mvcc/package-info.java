// SPDX-License-Identifier: Apache-2.0

/**
 * Revisions over an engine: reads at a revision, transactions in one total order, compaction. The
 * door is {@link dev.brain.server.mvcc.Store}.
 */
@NullMarked
package dev.brain.server.mvcc;

import org.jspecify.annotations.NullMarked;
