// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.server.grpc.peer.ForwardedWrites;
import dev.brain.server.grpc.peer.LeaderLink;
import dev.brain.server.grpc.peer.RevisionWaiters;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes of a node that has seen nothing of what its leader did. */
final class ForwardedWritesTest {
  @TempDir Path directory;
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final RevisionWaiters waiters = new RevisionWaiters(1, timer, Duration.ofHours(1));
  private final List<String> told = new CopyOnWriteArrayList<>();
  private ServerFixture leader;

  @BeforeEach
  void start() throws Exception {
    leader = new ServerFixture(directory);
    ForwardedWrites writes =
        new ForwardedWrites(new LeaderLink(() -> Optional.of(leader.channel)), waiters);
    writes.put(
        PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("key")).build(),
        new StreamObserver<PutResponse>() {
          @Override
          public void onNext(PutResponse response) {
            told.add("revision " + response.getHeader().getRevision());
          }

          @Override
          public void onError(Throwable fault) {
            told.add(String.valueOf(Status.fromThrowable(fault).getDescription()));
          }

          @Override
          public void onCompleted() {
            told.add("done");
          }
        },
        new Caller(new Connection(null), 0));
    await().until(() -> leader.store.revision() == 2);
  }

  @AfterEach
  void stop() {
    leader.close();
    timer.shutdownNow();
  }

  @Test
  void put_isAnsweredWhenThisNodeShowsIt() {
    assertThat(told).isEmpty();

    waiters.reached(2);

    await().untilAsserted(() -> assertThat(told).containsExactly("revision 2", "done"));
  }

  @Test
  void put_thisNodeFollowsNoMore_isNotToldThatItWasRefused() {
    waiters.refuseAll(EtcdStatus.LEADER_CHANGED);

    await().untilAsserted(() -> assertThat(told).containsExactly("etcdserver: request timed out"));
  }
}
