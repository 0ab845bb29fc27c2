// SPDX-License-Identifier: Apache-2.0

/**
 * What clients saw of a server or a cluster, and the rules that it has to keep. Pure code: nothing
 * here talks to a server, reads a clock or starts a thread.
 */
@NullMarked
package dev.brain.conformance.history;

import org.jspecify.annotations.NullMarked;
