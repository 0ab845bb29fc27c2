// SPDX-License-Identifier: Apache-2.0

/**
 * The wire: etcd's gRPC services over the store. Each service checks, calls, maps the failure and
 * fills the header; protobuf stays in here. What is refused and with which words is in {@link
 * dev.brain.server.grpc.Requests} and {@link dev.brain.server.grpc.EtcdStatus}.
 */
@NullMarked
package dev.brain.server.grpc;

import org.jspecify.annotations.NullMarked;
