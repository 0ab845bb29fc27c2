// SPDX-License-Identifier: Apache-2.0

/** Scenarios that ask too much of a server, and check what must hold meanwhile and afterwards. */
@NullMarked
package dev.brain.bench.overload;

import org.jspecify.annotations.NullMarked;
