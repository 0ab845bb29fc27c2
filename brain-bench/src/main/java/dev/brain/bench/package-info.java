// SPDX-License-Identifier: Apache-2.0

/** The command {@code bench}: measures any server of the etcd v3 API over the wire. */
@NullMarked
package dev.brain.bench;

import org.jspecify.annotations.NullMarked;
