// SPDX-License-Identifier: Apache-2.0

/** The servers under test as processes: Brain's distribution and a real etcd. */
@NullMarked
package dev.brain.conformance.process;

import org.jspecify.annotations.NullMarked;
