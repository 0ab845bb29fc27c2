// SPDX-License-Identifier: Apache-2.0

/**
 * The storage engine SPI: what Brain asks of a key-value engine, and nothing of etcd.
 *
 * <p>An engine keeps four ordered {@linkplain dev.brain.engine.Space spaces} of byte strings and
 * promises two things: commits are atomic, conditional and linearizable ({@link
 * dev.brain.engine.Engine#commit}), and snapshots are consistent ({@link
 * dev.brain.engine.Engine#snapshot}). Every promise is stated as a test in {@code EngineContract}
 * of this module's test jar; an engine is done when that kit passes.
 *
 * <p>The SPI stays small on purpose: each method added here must be written, and proved, once per
 * engine.
 */
@NullMarked
package dev.brain.engine;

import org.jspecify.annotations.NullMarked;
