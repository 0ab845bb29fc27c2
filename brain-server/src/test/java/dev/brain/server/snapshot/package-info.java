// SPDX-License-Identifier: Apache-2.0

/** Tests of snapshot files. */
@NullMarked
package dev.brain.server.snapshot;

import org.jspecify.annotations.NullMarked;
