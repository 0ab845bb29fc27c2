// SPDX-License-Identifier: Apache-2.0

/** Tests of what is told to watches. */
@NullMarked
package dev.brain.server.watch;

import org.jspecify.annotations.NullMarked;
