// SPDX-License-Identifier: Apache-2.0

/** The pages that etcd serves by HTTP/1.1: health, version and metrics. */
@NullMarked
package dev.brain.server.http;

import org.jspecify.annotations.NullMarked;
