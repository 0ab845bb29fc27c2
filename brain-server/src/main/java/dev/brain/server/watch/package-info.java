// SPDX-License-Identifier: Apache-2.0

/**
 * Watches: who is told of which events, from which revision on, and how fast. Knows nothing of the
 * wire. The door is {@link dev.brain.server.watch.WatchHub}.
 */
@NullMarked
package dev.brain.server.watch;

import org.jspecify.annotations.NullMarked;
