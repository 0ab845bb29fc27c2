// SPDX-License-Identifier: Apache-2.0

/** Tests of the transport. */
@NullMarked
package dev.brain.server.transport;

import org.jspecify.annotations.NullMarked;
