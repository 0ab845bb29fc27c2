// SPDX-License-Identifier: Apache-2.0

/** Tests of the members of a cluster. */
@NullMarked
package dev.brain.server.cluster;

import org.jspecify.annotations.NullMarked;
