// SPDX-License-Identifier: Apache-2.0

/**
 * The distributed engine: the rows of a Brain cluster are a keyspace of a TiKV cluster.
 *
 * <p>Of TiKV's Java client this uses the messages, the gRPC and Netty that they are made for, and
 * the encoding of keys. Who uses whom, outermost first: {@link dev.brain.engine.tikv.TikvEngine}
 * lets calls in; a {@link dev.brain.engine.tikv.Committer} tries {@linkplain
 * dev.brain.engine.tikv.Transaction transactions}, a {@link dev.brain.engine.tikv.Reader} reads as
 * of a timestamp; {@link dev.brain.engine.tikv.Locks} gets what others left out of their way;
 * {@link dev.brain.engine.tikv.Stores} sends requests to regions, which {@link
 * dev.brain.engine.tikv.Regions} finds; {@link dev.brain.engine.tikv.PlacementDriver} and {@link
 * dev.brain.engine.tikv.TimestampOracle} ask the placement driver.
 */
@NullMarked
package dev.brain.engine.tikv;

import org.jspecify.annotations.NullMarked;
