// SPDX-License-Identifier: Apache-2.0

/** Tests of what operators look at and act on. */
@NullMarked
package dev.brain.server.maintenance;

import org.jspecify.annotations.NullMarked;
