// SPDX-License-Identifier: Apache-2.0

/** Tests of the store's words. */
@NullMarked
package dev.brain.server.kv;

import org.jspecify.annotations.NullMarked;
