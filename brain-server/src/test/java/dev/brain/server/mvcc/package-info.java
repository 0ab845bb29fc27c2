// SPDX-License-Identifier: Apache-2.0

/** Tests of the store, on the memory engine and on RocksDB. */
@NullMarked
package dev.brain.server.mvcc;

import org.jspecify.annotations.NullMarked;
