// SPDX-License-Identifier: Apache-2.0

/** Sends the same requests to a real etcd and to Brain and compares the answers field by field. */
@NullMarked
package dev.brain.conformance.differential;

import org.jspecify.annotations.NullMarked;
