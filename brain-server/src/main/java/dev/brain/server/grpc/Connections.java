// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.transport.StreamReset;
import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;

/** Tells the services which calls come by the same connection. Thread-safe. */
public final class Connections extends ServerTransportFilter {
  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder()
        .set(Connection.KEY, new Connection(attributes.get(StreamReset.KEY)))
        .build();
  }
}
