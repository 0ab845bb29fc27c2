// SPDX-License-Identifier: Apache-2.0

/** Tests of the http. */
@NullMarked
package dev.brain.server.http;

import org.jspecify.annotations.NullMarked;
