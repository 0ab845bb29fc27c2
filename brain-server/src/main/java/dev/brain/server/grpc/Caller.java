// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.ServerCall;

/**
 * Who has made a call.
 *
 * @param connection the connection it has come by
 * @param stream the HTTP/2 stream of the call; 0 if not known
 */
public record Caller(Connection connection, int stream) {
  /** Who makes a call that is just being handed over. On the event loop. */
  static Caller of(ServerCall<?, ?> call) {
    Connection connection = Connection.of(call);
    return new Caller(connection, connection.newestStream());
  }

  /** Ends the call, whose answer the client does not take, and drops what waits to be sent. */
  void cutOff() {
    connection.reset(stream);
  }
}
