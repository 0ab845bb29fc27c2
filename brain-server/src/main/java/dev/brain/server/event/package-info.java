// SPDX-License-Identifier: Apache-2.0

/**
 * The one ordered stream of what has happened: who is told of it ({@link
 * dev.brain.server.event.RevisionListener}) and how its past is read again ({@link
 * dev.brain.server.event.RevisionReader}).
 */
@NullMarked
package dev.brain.server.event;

import org.jspecify.annotations.NullMarked;
