// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.proto.etcdserverpb.ClusterGrpc;
import dev.brain.proto.etcdserverpb.Member;
import dev.brain.proto.etcdserverpb.MemberRemoveRequest;
import dev.brain.server.maintenance.MemberRemoval;
import dev.brain.server.maintenance.Membership;
import dev.brain.server.mvcc.Store;
import dev.brain.server.mvcc.StoreConfig;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Removing members; the other calls are tested with all services together. */
final class ClusterServiceTest {
  private static final Executor FULL =
      _ -> {
        throw new RejectedExecutionException("full");
      };

  @Test
  void memberRemove_outcomes() throws Exception {
    assertRemoved(_ -> MemberRemoval.Outcome.REMOVED);
    assertRefused(_ -> MemberRemoval.Outcome.NOT_FOUND, Runnable::run, EtcdStatus.MEMBER_NOT_FOUND);
    assertRefused(_ -> MemberRemoval.Outcome.ALIVE, Runnable::run, EtcdStatus.NOT_ENOUGH_MEMBERS);
    assertRefused(
        _ -> {
          throw new EngineException.Unavailable("cut off", null);
        },
        Runnable::run,
        EtcdStatus.UNHEALTHY);
    assertRefused(_ -> MemberRemoval.Outcome.REMOVED, FULL, EtcdStatus.TOO_MANY_REQUESTS);
  }

  private static void assertRemoved(MemberRemoval removal) throws Exception {
    with(
        removal,
        Runnable::run,
        stub ->
            assertThat(
                    stub.memberRemove(MemberRemoveRequest.newBuilder().setID(5).build())
                        .getMembersList())
                .extracting(Member::getName)
                .containsExactly("one"));
  }

  private static void assertRefused(MemberRemoval removal, Executor background, EtcdStatus status)
      throws Exception {
    with(
        removal,
        background,
        stub ->
            assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(
                    () -> stub.memberRemove(MemberRemoveRequest.newBuilder().setID(5).build()))
                .satisfies(
                    e -> {
                      Status expected = status.status();
                      assertThat(e.getStatus().getCode()).isEqualTo(expected.getCode());
                      assertThat(e.getStatus().getDescription())
                          .isEqualTo(expected.getDescription());
                    }));
  }

  /** Calls a service. */
  private interface Use {
    void of(ClusterGrpc.ClusterBlockingStub stub);
  }

  private static void with(MemberRemoval removal, Executor background, Use use) throws Exception {
    try (Engine engine = new MemoryStorage().open();
        Store store = Store.open(engine, StoreConfig.DEFAULT, new Random(1))) {
      Membership membership =
          Membership.single(
              new dev.brain.server.maintenance.Member(3, "one", List.of(), List.of()));
      Server server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(
                  new ClusterService(membership, removal, ResponseHeaders.of(store), background))
              .build()
              .start();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(server.getListenSockets().getFirst())
              .usePlaintext()
              .build();
      try {
        use.of(ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS));
      } finally {
        channel.shutdownNow();
        server.shutdownNow();
      }
    }
  }
}
