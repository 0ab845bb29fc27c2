// SPDX-License-Identifier: Apache-2.0

/** Clients that behave badly: a server refuses or bears them, and serves the others. */
@NullMarked
package dev.brain.conformance.abuse;

import org.jspecify.annotations.NullMarked;
