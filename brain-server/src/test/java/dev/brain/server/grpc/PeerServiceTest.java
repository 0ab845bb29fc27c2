// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.proto.peer.ReadIndexResponse;
import dev.brain.server.cluster.RegisteredMember;
import dev.brain.server.maintenance.Member;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class PeerServiceTest {
  private final PeerInstances instances =
      new PeerInstances(
          url -> {
            if (!url.startsWith("http://")) {
              throw new IllegalArgumentException("http://HOST:PORT");
            }
            return NettyChannelBuilder.forTarget(url.substring(7)).usePlaintext().build();
          });

  @Test
  void hello_tellsWhoAnswers() throws Exception {
    RegisteredMember self =
        new RegisteredMember(new Member(7, "one", List.of(), List.of()), Long.MIN_VALUE + 5);
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .intercept(new Authorization())
            .addService(new PeerService(self, () -> ReadIndexResponse.getDefaultInstance()))
            .build()
            .start();
    String url = "http://127.0.0.1:" + server.getPort();
    try {
      assertThat(instances.at(url)).isEqualTo(OptionalLong.of(self.instance()));
      assertThat(instances.at("https://127.0.0.1:1")).isEmpty();
    } finally {
      server.shutdownNow().awaitTermination();
    }
    assertThat(instances.at(url)).isEmpty();
  }
}
