// SPDX-License-Identifier: Apache-2.0

/** What operators look at and act on: versions, members, alarms, the quota. */
@NullMarked
package dev.brain.server.maintenance;

import org.jspecify.annotations.NullMarked;
