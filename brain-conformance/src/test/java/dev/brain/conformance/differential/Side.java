// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.KeepAliveStream;
import dev.brain.conformance.process.Server;

/** One of the two servers with everything that is open to it. For one thread. */
final class Side implements AutoCloseable {
  final Server server;
  final Client client;
  final KeepAliveStream keepAlive;

  Side(Server server) {
    this.server = server;
    this.client = Client.to(server.port());
    this.keepAlive = new KeepAliveStream(client.channel());
  }

  @Override
  public void close() {
    keepAlive.close();
    client.close();
    server.close();
  }
}
