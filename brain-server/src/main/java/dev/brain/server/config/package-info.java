// SPDX-License-Identifier: Apache-2.0

/**
 * What the operator may set: the table of settings ({@link dev.brain.server.config.Settings}),
 * where their values come from, and the checked records the server is built from ({@link
 * dev.brain.server.config.ServerConfig}).
 */
@NullMarked
package dev.brain.server.config;

import org.jspecify.annotations.NullMarked;
