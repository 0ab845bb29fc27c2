// SPDX-License-Identifier: Apache-2.0

/** Connections to a server, and readers of its answers that count what a full parser would copy. */
@NullMarked
package dev.brain.bench.wire;

import org.jspecify.annotations.NullMarked;
