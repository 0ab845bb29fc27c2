// SPDX-License-Identifier: Apache-2.0

/** A raw gRPC client that retries nothing and waits a bounded time for everything. */
@NullMarked
package dev.brain.conformance.client;

import org.jspecify.annotations.NullMarked;
