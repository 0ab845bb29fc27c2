// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.election.LeaderRecord.State;
import dev.brain.election.LeaderRecordStore.Outcome;
import dev.brain.election.LeaderRecordStore.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What must be so wherever the leader's record is kept. In virtual time, over a real store. */
public abstract class ElectionContract {
  static final Duration LEASE = Duration.ofSeconds(6);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(4);
  static final Duration RETRY = Duration.ofSeconds(1);
  private static final ElectionTimes TIMES = new ElectionTimes(LEASE, RENEW_DEADLINE, RETRY);
  static final Duration LATENCY = Duration.ofMillis(5);

  /** A retry period with what its calls take. */
  static final Duration TURN = RETRY.plus(LATENCY.multipliedBy(6));

  final VirtualTime time = new VirtualTime();
  final List<VirtualNode> nodes = new ArrayList<>();

  /** A store of its own for one node; all stores of one test keep the same record. */
  protected abstract LeaderRecordStore store();

  /** A node that begins to take part. */
  final VirtualNode node(String identity) {
    return node(identity, store());
  }

  final VirtualNode node(String identity, LeaderRecordStore store) {
    int number = nodes.size();
    VirtualNode node =
        new VirtualNode(
            time,
            identity,
            store,
            TIMES,
            LeaseCounting.SOUND,
            LATENCY::toNanos,
            () -> time.now() + number * 1_000_000_007L,
            number);
    nodes.add(node);
    return node;
  }

  /** Lets time pass until a node leads. */
  final void awaitLeader(VirtualNode node, Duration bound) {
    assertThat(time.passUntil(bound, node::leads)).as("%s leads within %s", node, bound).isTrue();
    time.pass(LATENCY.multipliedBy(2));
  }

  /** How long the first node of all waits until it may lead. */
  final Duration first() {
    return store().canVanish() ? LEASE.plus(TURN.multipliedBy(2)) : TURN;
  }

  @Test
  void start_nobodyElse_leadsAndKeepsLeading() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    for (int second = 0; second < 60; second++) {
      time.pass(Duration.ofSeconds(1));
      assertThat(a.leads()).isTrue();
    }
    assertThat(a.told).containsExactly("observed a 1", "elected 1");
    assertThat(a.participant.leader()).contains(new Leader("a", 1));
  }

  @Test
  void start_anotherLeads_followsIt() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode b = node("b");
    time.pass(LEASE.multipliedBy(5));
    assertThat(a.leads()).isTrue();
    assertThat(b.leads()).isFalse();
    assertThat(b.told).containsExactly("observed a 1");
  }

  @Test
  void start_severalAtOnce_oneLeads() {
    for (String identity : List.of("a", "b", "c", "d", "e")) {
      node(identity);
    }
    time.checkAlways(
        () -> assertThat(nodes.stream().filter(VirtualNode::leads)).hasSizeLessThan(2));
    time.pass(LEASE.plus(TURN));
    assertThat(nodes.stream().filter(VirtualNode::leads)).hasSize(1);
  }

  @Test
  void leader_vanishes_isReplacedAfterItsLease() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode b = node("b");
    time.pass(TURN);
    a.thread.stop(Duration.ofDays(1).toNanos());
    time.pass(LEASE.minus(TURN));
    assertThat(b.leads()).isFalse();
    awaitLeader(b, TURN.multipliedBy(2));
    assertThat(a.leads()).isFalse();
    assertThat(b.told).containsExactly("observed a 1", "observed", "observed b 2", "elected 2");
  }

  @Test
  void leader_stoppedAndResumed_knowsThatItLeadsNoMore() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode b = node("b");
    time.pass(TURN);
    a.thread.stop(LEASE.multipliedBy(3).toNanos());
    time.pass(RENEW_DEADLINE);
    assertThat(a.leads()).as("after its deadline, while it is stopped").isFalse();
    time.pass(LEASE.multipliedBy(3));
    assertThat(a.told)
        .containsExactly("observed a 1", "elected 1", "deposed 1", "observed", "observed b 2");
    assertThat(b.leads()).isTrue();
  }

  @Test
  void resign_noSuccessor_anotherLeadsWithinOneTurn() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode b = node("b");
    time.pass(TURN);
    CompletableFuture<Boolean> released = a.resign("");
    awaitLeader(b, TURN);
    assertThat(released).isCompletedWithValue(true);
    assertThat(a.told).startsWith("observed a 1", "elected 1", "deposed 1", "observed");
  }

  @Test
  void resign_successor_leadsBeforeOthers() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    List.of("b", "c", "d", "e", "f").forEach(this::node);
    time.pass(TURN);
    var _ = a.resign("d");
    awaitLeader(nodes.get(3), TURN);
    time.pass(LEASE.multipliedBy(2));
    assertThat(nodes.get(3).leads()).isTrue();
  }

  @Test
  void resign_successorIsGone_othersTakeOver() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode b = node("b");
    time.pass(TURN);
    var _ = a.resign("gone");
    awaitLeader(b, TURN.multipliedBy(4));
  }

  @Test
  void resign_nobodyElse_leadsAgainAfterALease() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    var _ = a.resign("");
    time.pass(LEASE.minus(TURN));
    assertThat(a.leads()).isFalse();
    awaitLeader(a, TURN.multipliedBy(2));
    assertThat(a.told)
        .containsExactly(
            "observed a 1", "elected 1", "deposed 1", "observed", "observed a 2", "elected 2");
  }

  @Test
  void resign_follower_doesNothing() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode b = node("b");
    time.pass(TURN);
    CompletableFuture<Boolean> released = b.resign("");
    time.pass(TURN);
    assertThat(released).isCompletedWithValue(false);
    assertThat(a.leads()).isTrue();
  }

  @Test
  void close_leader_releases() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode b = node("b");
    time.pass(TURN);
    CompletableFuture<Boolean> closed = a.close();
    awaitLeader(b, TURN);
    assertThat(closed).isCompletedWithValue(true);
    assertThat(a.told).containsExactly("observed a 1", "elected 1", "deposed 1", "observed");
  }

  @Test
  void elected_fails_anotherLeads() {
    VirtualNode a = node("a");
    a.cannotLead = true;
    awaitLeader(a, first());
    VirtualNode b = node("b");
    awaitLeader(b, TURN.multipliedBy(2));
    assertThat(a.told).startsWith("observed a 1", "elected 1", "deposed 1", "observed");
    time.pass(LEASE.multipliedBy(3));
    assertThat(b.leads()).isTrue();
  }

  @Test
  void twoOfOneName_oneLeads() {
    VirtualNode a = node("a");
    awaitLeader(a, first());
    VirtualNode twin = node("a");
    time.checkAlways(() -> assertThat(a.leads() && twin.leads()).isFalse());
    time.pass(LEASE.multipliedBy(5));
    assertThat(a.leads()).isTrue();
    assertThat(twin.told).containsExactly("observed a 1");
  }

  @Test
  void write_expectedIsStored_isReadBack() {
    LeaderRecordStore store = store();
    for (LeaderRecord record :
        List.of(
            new LeaderRecord("a", "i", 1, 0, State.HELD, ""),
            new LeaderRecord("a", "i", 1, 1, State.RELEASED, ""),
            new LeaderRecord("b", "j", 2, 0, State.HELD, ""),
            new LeaderRecord("b", "j", 2, 1, State.RELEASED, "c"))) {
      Outcome outcome = store.write(store.read(), record);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Written.class,
              written -> assertThat(written.stored().record()).isEqualTo(record));
      assertThat(store().read()).map(Stored::record).contains(record);
    }
  }

  @Test
  void write_ownAnswerAsExpected_isWritten() {
    LeaderRecordStore store = store();
    LeaderRecord record = LeaderRecord.taken("a", "i", 1);
    Optional<Stored> stored = Optional.empty();
    for (int renewal = 0; renewal < 3; renewal++) {
      if (!(store.write(stored, record) instanceof Outcome.Written(Stored written))) {
        throw new AssertionError("renewal " + renewal + " was not written");
      }
      stored = Optional.of(written);
      record = record.renewed();
    }
  }

  @Test
  void write_anotherWasFaster_isLost() {
    LeaderRecordStore store = store();
    LeaderRecord mine = LeaderRecord.taken("a", "i", 1);
    LeaderRecord others = LeaderRecord.taken("b", "j", 1);
    assertThat(store().write(Optional.empty(), others)).isInstanceOf(Outcome.Written.class);
    assertThat(store.write(Optional.empty(), mine)).isEqualTo(new Outcome.Lost());
    Optional<Stored> old = store.read();
    assertThat(store().write(old, others.renewed())).isInstanceOf(Outcome.Written.class);
    assertThat(store.write(old, mine)).isEqualTo(new Outcome.Lost());
    assertThat(store.read()).map(Stored::record).contains(others.renewed());
  }
}
