// SPDX-License-Identifier: Apache-2.0

/** Tests of how nodes that follow are served. */
@NullMarked
package dev.brain.server.grpc.peer;

import org.jspecify.annotations.NullMarked;
