// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.Attributes;
import io.grpc.ServerCall;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection of a client: whose share a call uses. Equal to itself only. Thread-safe. */
final class Connection {
  static final Attributes.Key<Connection> KEY = Attributes.Key.create("dev.brain.connection");

  /** Its writes under way; counted by {@link WriteAdmission}. */
  private final AtomicInteger writes = new AtomicInteger();

  /**
   * The connection that a call has come by; one for this call alone if {@link Connections} does not
   * watch the server.
   */
  static Connection of(ServerCall<?, ?> call) {
    Connection known = call.getAttributes().get(KEY);
    return known == null ? new Connection() : known;
  }

  AtomicInteger writes() {
    return writes;
  }
}
