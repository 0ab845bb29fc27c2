// SPDX-License-Identifier: Apache-2.0

/** What is asked of a server: one workload per class, each starting one operation at a time. */
@NullMarked
package dev.brain.bench.workload;

import org.jspecify.annotations.NullMarked;
