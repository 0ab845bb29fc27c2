// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.jspecify.annotations.Nullable;
import org.tikv.shade.io.grpc.BindableService;
import org.tikv.shade.io.grpc.Server;

/** One service at one port, which it keeps when it stops listening. Guarded by its front. */
final class Port {
  private final Servers servers;
  private final BindableService service;
  private int number;
  private @Nullable String advertised;
  private @Nullable Server server;

  /** Port 0 is any free one. */
  Port(Servers servers, BindableService service, int number) {
    this.servers = servers;
    this.service = service;
    this.number = number;
  }

  void open() {
    if (server == null) {
      server = servers.start(number, service);
      number = server.getPort();
    }
  }

  void close() {
    if (server != null) {
      Servers.stop(server);
      server = null;
    }
  }

  String address() {
    return "127.0.0.1:" + number;
  }

  void advertise(String address) {
    advertised = address;
  }

  String advertised() {
    return advertised == null ? address() : advertised;
  }
}
