// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.Engine;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.grpc.ReadGate;
import dev.brain.server.grpc.ReadQueue;
import dev.brain.server.grpc.Reads;
import dev.brain.server.grpc.ResponseBudget;
import dev.brain.server.grpc.ResponseHeaders;
import dev.brain.server.grpc.ServiceLimits;
import dev.brain.server.grpc.WriteAdmission;
import dev.brain.server.maintenance.Membership;
import dev.brain.server.snapshot.SnapshotSpool;
import dev.brain.server.watch.WatchHub;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * What a node has whatever its role is. All of it outlives every role.
 *
 * @param engine shared by all nodes
 * @param hub serves the watches of this node's clients
 * @param headers of this node's answers
 * @param budget bounds the answers in memory
 * @param queue hands reads to the readers
 * @param writes lets writes in
 * @param readers runs what blocks for a moment
 * @param background runs what takes long
 * @param timer runs what is quick at a later time
 * @param upkeep runs what may wait for a disk
 * @param stores runs endless tasks, each on a thread of its own
 */
record NodeParts(
    ServerConfig config,
    Engine engine,
    WatchHub hub,
    ResponseHeaders headers,
    Membership membership,
    ServiceLimits limits,
    ResponseBudget budget,
    ReadQueue queue,
    WriteAdmission writes,
    ThreadPoolExecutor readers,
    ThreadPoolExecutor background,
    ScheduledExecutorService timer,
    ScheduledExecutorService upkeep,
    Executor stores,
    SecureRandom random) {
  /** Reads that a gate lets begin. */
  Reads reads(ReadGate gate) {
    return new Reads(queue, timer, budget, limits.requestTimeout(), gate);
  }

  /** Where snapshots are kept while they are sent. */
  SnapshotSpool.Place snapshots() {
    return new SnapshotSpool.Place(config.member().dataDirectory());
  }
}
