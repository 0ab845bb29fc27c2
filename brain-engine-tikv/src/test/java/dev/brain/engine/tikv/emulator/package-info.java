// SPDX-License-Identifier: Apache-2.0

/**
 * A cluster of one PD and several TiKV stores inside one JVM, for tests: the protocol is the real
 * one, so are the rules of transactions; replication is not emulated, and nothing is kept on disk.
 *
 * <p>The door is {@link dev.brain.engine.tikv.emulator.TikvEmulator}; {@link
 * dev.brain.engine.tikv.emulator.EmulatorProcess} is the same as a process of its own.
 *
 * <p>A request comes in by a {@link dev.brain.engine.tikv.emulator.Front} (listeners), is taken by
 * {@link dev.brain.engine.tikv.emulator.PdService} or {@link
 * dev.brain.engine.tikv.emulator.StoreService}, meets its {@link
 * dev.brain.engine.tikv.emulator.Fate} in {@link dev.brain.engine.tikv.emulator.Delivery}, and is
 * executed against the one state of the {@link dev.brain.engine.tikv.emulator.Cluster} under its
 * monitor.
 *
 * <p>Where TiKV's behaviour is copied, its sources were read: {@code src/storage/txn/actions},
 * {@code src/storage/mvcc} and {@code components/txn_types} of tikv/tikv, {@code
 * server/gc_service.go} of tikv/pd. Not emulated: Raft and its delays, asynchronous commit,
 * pessimistic locks, merging of regions, flow control.
 */
@NullMarked
package dev.brain.engine.tikv.emulator;

import org.jspecify.annotations.NullMarked;
