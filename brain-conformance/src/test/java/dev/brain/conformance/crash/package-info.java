// SPDX-License-Identifier: Apache-2.0

/** Brain as a process that is killed under load, loses power, or finds its files damaged. */
@NullMarked
package dev.brain.conformance.crash;

import org.jspecify.annotations.NullMarked;
