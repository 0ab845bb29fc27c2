// SPDX-License-Identifier: Apache-2.0

/**
 * An engine that keeps everything in memory, for tests and for trying Brain out. Its data is gone
 * when its {@linkplain dev.brain.engine.memory.MemoryStorage storage} is: nothing reaches a disk.
 */
@NullMarked
package dev.brain.engine.memory;

import org.jspecify.annotations.NullMarked;
