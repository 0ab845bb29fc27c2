// SPDX-License-Identifier: Apache-2.0

/** Tests of the config. */
@NullMarked
package dev.brain.server.config;

import org.jspecify.annotations.NullMarked;
