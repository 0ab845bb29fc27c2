// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.process.Server;

/** A server by its name. */
record Node(String name, Server server) {}
