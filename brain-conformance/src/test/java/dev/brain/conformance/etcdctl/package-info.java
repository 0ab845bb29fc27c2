// SPDX-License-Identifier: Apache-2.0

/** The real etcdctl against Brain, beside the same against a real etcd. */
@NullMarked
package dev.brain.conformance.etcdctl;

import org.jspecify.annotations.NullMarked;
