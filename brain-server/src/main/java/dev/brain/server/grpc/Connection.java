// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.transport.StreamReset;
import io.grpc.Attributes;
import io.grpc.ServerCall;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One connection of a client: whose share a call uses. Equal to itself only. Thread-safe. */
final class Connection {
  static final Attributes.Key<Connection> KEY = Attributes.Key.create("dev.brain.connection");

  private final @Nullable StreamReset streams;

  /** Its writes under way; counted by {@link WriteAdmission}. */
  private final AtomicInteger writes = new AtomicInteger();

  /**
   * @param streams ends its calls; null if that cannot be done
   */
  Connection(@Nullable StreamReset streams) {
    this.streams = streams;
  }

  /**
   * The connection that a call has come by; one for this call alone if {@link Connections} does not
   * watch the server.
   */
  static Connection of(ServerCall<?, ?> call) {
    Connection known = call.getAttributes().get(KEY);
    return known == null ? new Connection(null) : known;
  }

  AtomicInteger writes() {
    return writes;
  }

  /** The stream of the call that is being handed over, on the event loop; 0 if not known. */
  int newestStream() {
    return streams == null ? 0 : streams.newestStream();
  }

  /** Ends the call of a stream whose answer the client does not take. */
  void reset(int stream) {
    if (streams != null) {
      streams.reset(stream);
    }
  }
}
