// SPDX-License-Identifier: Apache-2.0

/**
 * How a node that follows serves with the help of the one that leads: it is fed by a watch of the
 * leader, asks it for read revisions, and forwards what only the leader can do.
 */
@NullMarked
package dev.brain.server.grpc.peer;

import org.jspecify.annotations.NullMarked;
