// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static dev.brain.server.grpc.WireRequests.bytes;
import static dev.brain.server.grpc.WireRequests.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.v3electionpb.CampaignRequest;
import dev.brain.proto.v3electionpb.CampaignResponse;
import dev.brain.proto.v3electionpb.ElectionGrpc;
import dev.brain.proto.v3electionpb.LeaderKey;
import dev.brain.proto.v3electionpb.LeaderRequest;
import dev.brain.proto.v3electionpb.LeaderResponse;
import dev.brain.proto.v3electionpb.ProclaimRequest;
import dev.brain.proto.v3electionpb.ResignRequest;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElectionServiceTest {
  private static final LeaderRequest JOB = LeaderRequest.newBuilder().setName(bytes("job")).build();

  @TempDir private Path directory;
  private ServerFixture server;

  @BeforeEach
  void open() throws IOException {
    server = new ServerFixture(directory);
    for (long lease = 1; lease <= 5; lease++) {
      server.lease.leaseGrant(LeaseGrantRequest.newBuilder().setID(lease).setTTL(600).build());
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void campaign_wins() throws Exception {
    CampaignResponse won = campaign(1, "a").get(60, TimeUnit.SECONDS);
    assertThat(won.getHeader().getRevision()).isEqualTo(2);
    assertThat(won.getLeader())
        .isEqualTo(
            LeaderKey.newBuilder()
                .setName(bytes("job"))
                .setKey(bytes("job/1"))
                .setRev(2)
                .setLease(1)
                .build());
    LeaderResponse leader = stub().leader(JOB);
    assertThat(leader.getKv().getValue()).isEqualTo(bytes("a"));
    assertThat(leader.getHeader().getRevision()).isEqualTo(2);
  }

  @Test
  void campaign_againWithAnotherValue() throws Exception {
    campaign(1, "a").get(60, TimeUnit.SECONDS);
    CampaignResponse again = campaign(1, "b").get(60, TimeUnit.SECONDS);
    assertThat(again.getLeader().getRev()).isEqualTo(2);
    assertThat(stub().leader(JOB).getKv().getValue()).isEqualTo(bytes("b"));
  }

  @Test
  void campaign_waitsForTheResignation() throws Exception {
    LeaderKey first = campaign(1, "a").get(60, TimeUnit.SECONDS).getLeader();
    ListenableFuture<CampaignResponse> second = campaign(2, "b");
    await().until(() -> server.kv.range(get("job/2")).getCount() == 1);
    assertThat(second.isDone()).isFalse();
    stub().resign(ResignRequest.newBuilder().setLeader(first).build());
    assertThat(second.get(60, TimeUnit.SECONDS).getLeader().getKey()).isEqualTo(bytes("job/2"));
    assertThat(stub().leader(JOB).getKv().getValue()).isEqualTo(bytes("b"));
  }

  @Test
  void proclaim() throws Exception {
    LeaderKey leader = campaign(1, "a").get(60, TimeUnit.SECONDS).getLeader();
    ProclaimRequest request =
        ProclaimRequest.newBuilder().setLeader(leader).setValue(bytes("c")).build();
    assertThat(stub().proclaim(request).getHeader().getRevision()).isEqualTo(3);
    assertThat(stub().leader(JOB).getKv().getValue()).isEqualTo(bytes("c"));
    stub().resign(ResignRequest.newBuilder().setLeader(leader).build());
    assertThatThrownBy(() -> stub().proclaim(request)).hasMessage("UNKNOWN: election: not leader");
    assertThat(
            stub()
                .resign(ResignRequest.newBuilder().setLeader(leader).build())
                .getHeader()
                .getRevision())
        .isEqualTo(4);
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> stub().leader(JOB)).hasMessage("UNKNOWN: election: no leader");
    assertThatThrownBy(() -> stub().proclaim(ProclaimRequest.getDefaultInstance()))
        .hasMessage("UNKNOWN: \"leader\" field must be provided");
    assertThatThrownBy(() -> stub().resign(ResignRequest.getDefaultInstance()))
        .hasMessage("UNKNOWN: \"leader\" field must be provided");
  }

  @Test
  void observe_everyChange() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    ElectionGrpc.newStub(server.channel)
        .observe(
            JOB,
            new StreamObserver<>() {
              @Override
              public void onNext(LeaderResponse response) {
                seen.add(
                    response.getKv().getValue().toStringUtf8()
                        + "@"
                        + response.getHeader().getRevision());
              }

              @Override
              public void onError(Throwable fault) {}

              @Override
              public void onCompleted() {}
            });
    LeaderKey first = campaign(1, "a").get(60, TimeUnit.SECONDS).getLeader();
    assertThat(next(seen)).isEqualTo("a@2");
    stub().proclaim(ProclaimRequest.newBuilder().setLeader(first).setValue(bytes("b")).build());
    stub().proclaim(ProclaimRequest.newBuilder().setLeader(first).setValue(bytes("c")).build());
    assertThat(List.of(next(seen), next(seen))).containsExactly("b@3", "c@4");
    ListenableFuture<CampaignResponse> second = campaign(2, "d");
    await().until(() -> server.kv.range(get("job/2")).getCount() == 1);
    stub().resign(ResignRequest.newBuilder().setLeader(first).build());
    LeaderKey leader = second.get(60, TimeUnit.SECONDS).getLeader();
    assertThat(next(seen)).isEqualTo("d@6");
    stub().resign(ResignRequest.newBuilder().setLeader(leader).build());
    campaign(3, "e").get(60, TimeUnit.SECONDS);
    assertThat(next(seen)).isEqualTo("e@8");
  }

  private static String next(BlockingQueue<String> seen) throws InterruptedException {
    return String.valueOf(seen.poll(60, TimeUnit.SECONDS));
  }

  private ListenableFuture<CampaignResponse> campaign(long lease, String value) {
    return ElectionGrpc.newFutureStub(server.channel)
        .campaign(
            CampaignRequest.newBuilder()
                .setName(bytes("job"))
                .setLease(lease)
                .setValue(bytes(value))
                .build());
  }

  private ElectionGrpc.ElectionBlockingStub stub() {
    return ElectionGrpc.newBlockingStub(server.channel);
  }
}
