// SPDX-License-Identifier: Apache-2.0

/**
 * Connections: event loops, listening, TLS with reload, gRPC and HTTP/1.1 on one port, and the
 * answers that have to be given before a service is known.
 */
@NullMarked
package dev.brain.server.transport;

import org.jspecify.annotations.NullMarked;
