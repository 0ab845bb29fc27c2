// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tikv.kvproto.PDGrpc;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.io.grpc.ManagedChannel;
import org.tikv.shade.io.grpc.netty.GrpcSslContexts;
import org.tikv.shade.io.grpc.netty.NettyChannelBuilder;
import org.tikv.shade.io.netty.handler.ssl.SslContextBuilder;

class TlsTest {
  @TempDir Path directory;
  private TestCertificates certificates;
  private TikvEmulator emulator;

  @BeforeEach
  void start() {
    certificates = TestCertificates.in(directory);
    emulator = TikvEmulator.start(1, 0, certificates.server());
  }

  @AfterEach
  void close() {
    emulator.close();
  }

  @Test
  void clientWithACertificate_isServed() throws Exception {
    SslContextBuilder tls =
        GrpcSslContexts.forClient()
            .keyManager(certificates.client().toFile(), certificates.clientKey().toFile());

    Pdpb.GetMembersResponse members = members(tls);

    assertThat(members.getLeader().getClientUrls(0)).isEqualTo("https://" + emulator.pdAddress());
  }

  @Test
  void clientWithoutACertificate_isRefused() {
    assertThatThrownBy(() -> members(GrpcSslContexts.forClient()))
        .hasMessageContaining("UNAVAILABLE");
  }

  private Pdpb.GetMembersResponse members(SslContextBuilder tls) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(emulator.pdAddress())
            .sslContext(tls.trustManager(certificates.authority().toFile()).build())
            .build();
    try {
      return PDGrpc.newBlockingStub(channel)
          .getMembers(Pdpb.GetMembersRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }
}
