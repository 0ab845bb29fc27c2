// SPDX-License-Identifier: Apache-2.0

/** The Java client of etcd against Brain. */
@NullMarked
package dev.brain.conformance.jetcd;

import org.jspecify.annotations.NullMarked;
