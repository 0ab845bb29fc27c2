// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.process;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A server program and the flags that make it serve one data directory on one port of loopback. */
public enum Program {
  ETCD {
    @Override
    List<String> command(Path data, int clientPort, int peerPort) {
      String client = "http://127.0.0.1:" + clientPort;
      String peer = "http://127.0.0.1:" + peerPort;
      return List.of(
          Peers.require("etcd").toString(),
          "--name=default",
          "--log-level=warn",
          "--data-dir=" + data,
          "--listen-client-urls=" + client,
          "--advertise-client-urls=" + client,
          "--listen-peer-urls=" + peer,
          "--initial-advertise-peer-urls=" + peer,
          "--initial-cluster=default=" + peer);
    }
  },
  BRAIN {
    @Override
    List<String> command(Path data, int clientPort, int peerPort) {
      String client = "http://127.0.0.1:" + clientPort;
      return List.of(
          launcher().toString(),
          "server",
          "--data-dir=" + data,
          "--listen-client-urls=" + client,
          "--advertise-client-urls=" + client,
          // etcd's default; Brain's is shorter.
          "--watch-progress-notify-interval=10m");
    }
  };

  abstract List<String> command(Path data, int clientPort, int peerPort);

  /** The command {@code brain} of the distribution that the build has put together. */
  public static Path launcher() {
    String distribution = System.getProperty("brain.distribution");
    if (distribution == null) {
      return abort("the property brain.distribution, the built distribution, is not set");
    }
    Path launcher = Path.of(distribution, "bin", "brain");
    if (!Files.isExecutable(launcher)) {
      throw new IllegalStateException(
          launcher + " is missing; expected the module deploy to build it");
    }
    return launcher;
  }
}
