// SPDX-License-Identifier: Apache-2.0

/** Drives a workload with many clients, in a closed loop or at a fixed rate, and measures it. */
@NullMarked
package dev.brain.bench.load;

import org.jspecify.annotations.NullMarked;
