// SPDX-License-Identifier: Apache-2.0

/** Tests of lease deadlines. */
@NullMarked
package dev.brain.server.lease;

import org.jspecify.annotations.NullMarked;
