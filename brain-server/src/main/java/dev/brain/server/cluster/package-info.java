// SPDX-License-Identifier: Apache-2.0

/**
 * Who belongs to a cluster of several members: each registers itself in the engine that all share
 * ({@link dev.brain.server.cluster.MemberRegistry}), and reads the list from there ({@link
 * dev.brain.server.cluster.ClusterMembership}).
 */
@NullMarked
package dev.brain.server.cluster;

import org.jspecify.annotations.NullMarked;
