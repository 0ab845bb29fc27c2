// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.brain.election.Leader;
import dev.brain.engine.CommitPlan;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmType;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveRequest;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.MoveLeaderRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import dev.brain.server.mvcc.Replica;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes over one engine; the test says who leads. */
final class NodeTest {
  private final FaultyEngine engine = new FaultyEngine(new MemoryStorage().open());
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
  private final Threads threads = new Threads((_, fault) -> faults.add(fault));
  private final Map<String, TestNode> nodes = new LinkedHashMap<>();
  private final AtomicReference<Optional<Leader>> known = new AtomicReference<>(Optional.empty());

  @BeforeEach
  void start() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      nodes.put(name, new TestNode(name, engine, threads, nodes, known));
    }
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(TestNode::close);
    engine.close();
    assertThat(faults).isEmpty();
  }

  private TestNode node(String name) {
    TestNode node = nodes.get(name);
    assertThat(node).isNotNull();
    return node;
  }

  private KVGrpc.KVBlockingStub kv(String name) {
    return KVGrpc.newBlockingStub(node(name).clients).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private long put(String name, String key, String value) {
    return kv(name)
        .put(PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build())
        .getHeader()
        .getRevision();
  }

  private RangeResponse get(String name, String key, boolean serializable) {
    return kv(name)
        .range(RangeRequest.newBuilder().setKey(bytes(key)).setSerializable(serializable).build());
  }

  /** A watch of everything from the first revision on. */
  private final class Watched implements StreamObserver<WatchResponse> {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<WatchResponse> others = new CopyOnWriteArrayList<>();
    private final StreamObserver<WatchRequest> requests;

    Watched(String name, long from) {
      requests = WatchGrpc.newStub(node(name).clients).watch(this);
      requests.onNext(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(ByteString.copyFrom(new byte[1]))
                      .setRangeEnd(ByteString.copyFrom(new byte[1]))
                      .setStartRevision(from)
                      .setPrevKv(true))
              .build());
    }

    @Override
    public void onNext(WatchResponse response) {
      if (response.getEventsCount() > 0) {
        events.addAll(response.getEventsList());
      } else {
        others.add(response);
      }
    }

    @Override
    public void onError(Throwable fault) {}

    @Override
    public void onCompleted() {}

    void assertRevisions(long from, long through) {
      await()
          .untilAsserted(
              () ->
                  assertThat(events)
                      .extracting(event -> event.getKv().getModRevision())
                      .containsExactlyElementsOf(
                          LongStream.rangeClosed(from, through).boxed().toList()));
      for (Event event : events) {
        assertThat(event.hasPrevKv()).isEqualTo(event.getKv().getVersion() > 1);
      }
    }
  }

  @Test
  void write_onAFollower_isSeenByReadsEverywhere() {
    node("a").election.elect();
    for (int i = 0; i < 50; i++) {
      String writer = List.of("a", "b", "c").get(i % 3);
      String reader = List.of("a", "b", "c").get((i / 3) % 3);
      long revision = put(writer, "key", "v" + i);

      RangeResponse answer = get(reader, "key", false);

      assertThat(answer.getKvs(0).getValue().toStringUtf8()).isEqualTo("v" + i);
      assertThat(answer.getHeader().getRevision()).isEqualTo(revision);
    }
  }

  @Test
  void nobodyLeads_onlySerializableReadsAreServed() {
    node("a").election.elect();
    put("a", "key", "value");
    assertThat(get("b", "key", false).getCount()).isEqualTo(1);
    node("a").election.depose();
    await().until(() -> !node("a").node.leads());

    for (String name : nodes.keySet()) {
      assertThatThrownBy(() -> put(name, "key", "other"))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageStartingWith("UNAVAILABLE: etcdserver: ");
      assertThatThrownBy(() -> get(name, "key", false))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageStartingWith("UNAVAILABLE: etcdserver: ");
    }
    assertThat(get("b", "key", true).getKvs(0).getValue().toStringUtf8()).isEqualTo("value");
  }

  @Test
  void watch_onEveryNode_survivesChangesOfTheLeader() {
    node("a").election.elect();
    put("a", "key", "v");
    List<Watched> watches = new ArrayList<>();
    nodes.keySet().forEach(name -> watches.add(new Watched(name, 2)));
    for (String next : List.of("b", "c", "a", "b")) {
      for (int i = 0; i < 20; i++) {
        put(List.of("a", "b", "c").get(i % 3), "key" + i % 7, "v" + i);
      }
      TestNode old = node(known.get().orElseThrow().identity());
      old.election.depose();
      await().until(() -> old.node.view() instanceof Replica);
      node(next).election.elect();
    }
    long last = put("c", "key", "last");

    for (Watched watch : watches) {
      watch.assertRevisions(2, last);
    }
    assertThat(last).isEqualTo(2 + 4 * 20 + 1);
  }

  @Test
  void leader_overtaken_writesNothingAndFollows() {
    node("a").election.elect();
    put("a", "key", "old");
    node("b").election.elect(); // a is not told

    assertThatThrownBy(() -> put("a", "key", "zombie"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("etcdserver: leader changed");

    assertThat(put("b", "key", "new")).isEqualTo(3);
    await().until(() -> !node("a").node.leads());
    known.set(Optional.of(new Leader("b", 1)));
    assertThat(get("a", "key", false).getKvs(0).getValue().toStringUtf8()).isEqualTo("new");
    assertThat(put("a", "key", "newer")).isEqualTo(4);
    new Watched("a", 2).assertRevisions(2, 4);
  }

  @Test
  void leader_thatMayNotTell_answersNoRead() {
    node("a").election.elect();
    put("a", "key", "old");
    node("a").election.lapse();

    assertThatThrownBy(() -> get("a", "key", false))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: leader changed");
    assertThatThrownBy(() -> get("b", "key", false))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: request timed out");
  }

  @Test
  void leader_thatMayNotTell_answersNoWriteThatChangesNothing() {
    node("a").election.elect();
    put("a", "key", "old");
    node("a").election.lapse();

    TxnRequest create =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setTarget(Compare.CompareTarget.MOD)
                    .setKey(bytes("key"))
                    .setModRevision(0))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestPut(PutRequest.newBuilder().setKey(bytes("key")).build()))
            .addFailure(
                RequestOp.newBuilder()
                    .setRequestRange(RangeRequest.newBuilder().setKey(bytes("key")).build()))
            .build();
    assertThatThrownBy(() -> kv("a").txn(create))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: leader changed");
    assertThatThrownBy(
            () ->
                kv("a").deleteRange(DeleteRangeRequest.newBuilder().setKey(bytes("none")).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: leader changed");
    assertThatThrownBy(
            () -> kv("a").put(PutRequest.newBuilder().setKey(bytes("leased")).setLease(9).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: leader changed");
  }

  @Test
  void takeover_thatOutlastsTheLead_takesNoWrites() {
    node("a").election.elect();
    put("a", "key", "old");
    CommitPlan claim = engine.nextCommit(CommitPlan.passed().heldBefore());
    CompletableFuture<Void> elected =
        CompletableFuture.runAsync(() -> node("b").election.elect(), task -> run("elect", task));
    claim.awaitArrival();
    node("b").election.lapse();
    claim.release();

    assertThatThrownBy(elected::join).hasMessageContaining("the lead was lost");
    assertThatThrownBy(() -> put("b", "key", "new"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: no leader");
    assertThat(get("a", "key", false).getKvs(0).getValue().toStringUtf8()).isEqualTo("old");
  }

  private void run(String what, Runnable task) {
    threads.named(what).newThread(task).start();
  }

  /** Lets a leader lose while the engine holds a write of it up, so that it is not taken down. */
  private CommitPlan deposeWhileWriting(String name) {
    CommitPlan write = engine.nextCommit(CommitPlan.passed().heldBefore());
    var _ =
        KVGrpc.newFutureStub(node(name).clients)
            .put(PutRequest.newBuilder().setKey(bytes("held")).build());
    write.awaitArrival();
    node(name).election.depose();
    return write;
  }

  @Test
  void leader_thatWinsAgainBeforeItWasTakenDown_answersNoRead() {
    node("a").election.elect();
    put("a", "key", "old");
    CommitPlan write = deposeWhileWriting("a");
    node("b").election.elect();
    put("b", "key", "new");
    node("a").election.winAgain();

    assertThatThrownBy(() -> get("a", "key", false))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: leader changed");
    write.release();
    node("a").election.elect();
    assertThat(get("a", "key", false).getKvs(0).getValue().toStringUtf8()).isEqualTo("new");
  }

  @Test
  void leaders_thatComeAndGoWhileOneIsTakenDown_areLookedForOnce() {
    node("a").election.elect();
    CommitPlan write = deposeWhileWriting("a");
    for (int i = 0; i < 100; i++) {
      node("a").node.observed(Optional.empty());
    }
    write.release();
    node("a").election.elect();

    assertThat(node("a").looks).hasValue(1);
  }

  @Test
  void follower_cutOff_servesWhatItHasAndCatchesUp() {
    node("a").election.elect();
    put("a", "key", "old");
    assertThat(get("c", "key", false).getCount()).isEqualTo(1);
    Watched watched = new Watched("c", 2);
    watched.assertRevisions(2, 2);
    node("c").cut(true);
    assertThatThrownBy(() -> get("c", "key", false))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: no leader");
    assertThat(get("c", "key", true).getCount()).isEqualTo(1);

    node("c").cut(false);

    long last = put("a", "key", "new");
    watched.assertRevisions(2, last);
    assertThat(get("c", "key", false).getKvs(0).getValue().toStringUtf8()).isEqualTo("new");
  }

  @Test
  void lease_grantedThroughAFollower_survivesTheLeader() {
    node("a").election.elect();
    LeaseGrpc.LeaseBlockingStub leases =
        LeaseGrpc.newBlockingStub(node("b").clients).withDeadlineAfter(30, TimeUnit.SECONDS);
    leases.leaseGrant(LeaseGrantRequest.newBuilder().setID(5).setTTL(600).build());
    kv("c").put(PutRequest.newBuilder().setKey(bytes("leased")).setLease(5).build());
    node("a").election.depose();
    node("c").election.elect();

    assertThat(
            leases
                .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder().setID(5).setKeys(true).build())
                .getKeysList())
        .containsExactly(bytes("leased"));
  }

  @Test
  void compaction_throughAFollower_holdsOnAllNodes() {
    node("a").election.elect();
    put("a", "key", "1");
    put("a", "key", "2");
    put("a", "key", "3");
    kv("b").compact(CompactionRequest.newBuilder().setRevision(4).setPhysical(true).build());

    for (String name : nodes.keySet()) {
      assertThatThrownBy(
              () ->
                  kv(name)
                      .range(RangeRequest.newBuilder().setKey(bytes("key")).setRevision(2).build()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessage("OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");
      assertThat(get(name, "key", false).getCount()).isEqualTo(1);
    }
  }

  @Test
  void moveLeader_givesTheLeadAway() {
    node("a").election.elect();
    put("a", "key", "1");
    MaintenanceGrpc.newBlockingStub(node("a").clients)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .moveLeader(MoveLeaderRequest.newBuilder().setTargetID("b".hashCode()).build());

    assertThat(node("a").node.leads()).isFalse();
    node("b").election.elect();
    assertThat(put("a", "key", "2")).isEqualTo(3);
    assertThatThrownBy(
            () ->
                MaintenanceGrpc.newBlockingStub(node("a").clients)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .moveLeader(MoveLeaderRequest.newBuilder().setTargetID(1).build()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: not leader");
  }

  @Test
  void alarm_throughAFollower_isThatOfTheLeader() {
    node("a").election.elect();
    MaintenanceGrpc.MaintenanceBlockingStub maintenance =
        MaintenanceGrpc.newBlockingStub(node("b").clients).withDeadlineAfter(30, TimeUnit.SECONDS);
    maintenance.alarm(
        AlarmRequest.newBuilder()
            .setAction(AlarmRequest.AlarmAction.ACTIVATE)
            .setAlarm(AlarmType.NOSPACE)
            .setMemberID(3)
            .build());

    assertThatThrownBy(() -> put("c", "key", "value"))
        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded");
    assertThat(node("c").node.alarms()).containsExactly("NOSPACE");
  }
}
