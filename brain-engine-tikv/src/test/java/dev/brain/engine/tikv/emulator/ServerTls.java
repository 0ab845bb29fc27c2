// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.tikv.shade.io.grpc.netty.GrpcSslContexts;
import org.tikv.shade.io.netty.handler.ssl.ClientAuth;
import org.tikv.shade.io.netty.handler.ssl.SslContext;

/**
 * Mutual TLS of all servers, as PEM files.
 *
 * @param authority who must have signed the certificates of clients
 */
public record ServerTls(Path certificate, Path key, Path authority) {
  SslContext context() {
    try {
      return GrpcSslContexts.forServer(certificate.toFile(), key.toFile())
          .trustManager(authority.toFile())
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
