// SPDX-License-Identifier: Apache-2.0

/** Tests of the wire. */
@NullMarked
package dev.brain.server.grpc;

import org.jspecify.annotations.NullMarked;
