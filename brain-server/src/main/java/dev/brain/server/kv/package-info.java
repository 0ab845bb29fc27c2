// SPDX-License-Identifier: Apache-2.0

/**
 * The words of the store: keys, rows, requests and answers as values. No I/O, no threads, no
 * protobuf classes; the one thing known here of the wire is the layout of a {@link
 * dev.brain.server.kv.Row}.
 */
@NullMarked
package dev.brain.server.kv;

import org.jspecify.annotations.NullMarked;
