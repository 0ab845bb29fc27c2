// SPDX-License-Identifier: Apache-2.0

/** Tests of the command and of the server as a whole. */
@NullMarked
package dev.brain.server;

import org.jspecify.annotations.NullMarked;
