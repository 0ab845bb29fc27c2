// SPDX-License-Identifier: Apache-2.0

/** What deploy holds, tested against the program that it deploys. */
@NullMarked
package dev.brain.deploy;

import org.jspecify.annotations.NullMarked;
