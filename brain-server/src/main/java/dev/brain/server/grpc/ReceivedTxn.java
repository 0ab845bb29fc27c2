// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.TxnRequest;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as it came off the wire. A request that cannot be read travels to the service as
 * one that says why: the transport would turn an exception into an answer of its own.
 *
 * @param request the request; empty if there is a fault
 * @param fault why it could not be read, or null
 */
record ReceivedTxn(TxnRequest request, @Nullable Status fault) {}
