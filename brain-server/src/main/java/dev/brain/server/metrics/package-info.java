// SPDX-License-Identifier: Apache-2.0

/** What the server measures of itself, under the names that dashboards for etcd use. */
@NullMarked
package dev.brain.server.metrics;

import org.jspecify.annotations.NullMarked;
