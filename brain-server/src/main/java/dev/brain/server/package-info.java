// SPDX-License-Identifier: Apache-2.0

/**
 * The {@code brain} command: {@link dev.brain.server.Main} reads the command line, {@link
 * dev.brain.server.BrainServer} puts the server together. Nothing depends on this package.
 */
@NullMarked
package dev.brain.server;

import org.jspecify.annotations.NullMarked;
