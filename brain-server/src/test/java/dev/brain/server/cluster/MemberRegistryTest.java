// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brain.engine.CommitPlan;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.MemberRemoval.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemberRegistryTest {
  private static final long CLUSTER = 7;

  private final FaultyEngine engine = new FaultyEngine(new MemoryStorage().open());
  private final MemberRegistry registry = new MemberRegistry(engine);

  /** Who answers where. */
  private final Map<String, Long> alive = new HashMap<>();

  private final Instances instances =
      url -> {
        Long instance = alive.get(url);
        return instance == null ? OptionalLong.empty() : OptionalLong.of(instance);
      };

  @AfterEach
  void close() {
    engine.close();
  }

  /** The bytes are those of SHA-256 over 0000000000000007 and "a": ids must stay what they are. */
  @Test
  void id_staysTheSame() {
    assertThat(RegisteredMember.id(CLUSTER, "a")).isEqualTo(0x4aa866eb5e11e1d1L);
    assertThat(RegisteredMember.id(CLUSTER, "a")).isNotEqualTo(RegisteredMember.id(CLUSTER, "b"));
    assertThat(RegisteredMember.id(CLUSTER, "a")).isNotEqualTo(RegisteredMember.id(8, "a"));
  }

  @Test
  void register_severalMembers() {
    RegisteredMember one = member("one", 1);
    RegisteredMember two = member("zwei ÄÖ", -2);

    assertThat(registry.register(one, instances)).isEqualTo(new Registration.Done());
    assertThat(registry.register(two, instances)).isEqualTo(new Registration.Done());
    assertThat(registry.register(one, instances)).isEqualTo(new Registration.Done());

    assertThat(registry.list()).containsExactlyInAnyOrder(one, two);
  }

  @Test
  void register_sameProcessElsewhere() {
    registry.register(member("one", 1), instances);
    RegisteredMember moved =
        new RegisteredMember(
            new Member(
                RegisteredMember.id(CLUSTER, "one"), "one", List.of(), List.of("http://x:1")),
            1);

    assertThat(registry.register(moved, instances)).isEqualTo(new Registration.Done());
    assertThat(registry.list()).containsExactly(moved);
  }

  @Test
  void register_nameOfOneThatIsGone() {
    registry.register(member("one", 1), instances);
    // What answers at the old place is this process itself.
    alive.put("http://one:2380", 2L);

    assertThat(registry.register(member("one", 2), instances)).isEqualTo(new Registration.Done());
    assertThat(registry.list()).containsExactly(member("one", 2));
  }

  @Test
  void register_nameOfOneThatLives() {
    registry.register(member("one", 1), instances);
    alive.put("http://one:2380", 1L);

    assertThat(registry.register(member("one", 2), instances))
        .isInstanceOfSatisfying(
            Registration.NameTaken.class,
            taken ->
                assertThat(taken.message())
                    .isEqualTo(
                        "--name: one (expected: a name that no running member has; the member at"
                            + " http://one:2380 has it)"));
    assertThat(registry.list()).containsExactly(member("one", 1));
  }

  /** Both see no row; the one that comes second must look again, and find the first alive. */
  @Test
  void register_twoAtOnce() throws Exception {
    alive.put("http://one:2380", 1L);
    CommitPlan held = engine.nextCommit(CommitPlan.passed().heldBefore());
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<Registration> late =
          threads.submit(() -> registry.register(member("one", 2), instances));
      held.awaitArrival();
      assertThat(registry.register(member("one", 1), instances)).isEqualTo(new Registration.Done());
      held.release();

      assertThat(late.get()).isInstanceOf(Registration.NameTaken.class);
    }
    assertThat(registry.list()).containsExactly(member("one", 1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void register_unknownOutcome(boolean applied) {
    engine.nextCommit(
        (applied ? CommitPlan.unknownApplied() : CommitPlan.unknownNotApplied()).stillUnknown(2));

    assertThat(registry.register(member("one", 1), instances)).isEqualTo(new Registration.Done());
    assertThat(registry.list()).containsExactly(member("one", 1));
  }

  @Test
  void register_outcomeThatStaysUnknown() {
    engine.nextCommit(CommitPlan.unknownApplied().stillUnknown(1_000));

    assertThatExceptionOfType(EngineException.Unavailable.class)
        .isThrownBy(() -> registry.register(member("one", 1), instances));
  }

  @Test
  void list_damagedRow() {
    registry.register(member("one", 1), instances);
    byte[] key = "member/12345678".getBytes(StandardCharsets.US_ASCII);
    engine.commit(new WriteBatch().put(Space.META, key, new byte[] {1, 2, 3}));

    assertThatExceptionOfType(EngineException.Corrupted.class)
        .isThrownBy(registry::list)
        .withMessageStartingWith("record of member 3132333435363738: damaged");
  }

  @Test
  void decode_rowOfLaterVersion() {
    RegisteredMember one = member("one", 1);
    byte[] row = Arrays.copyOf(one.encode(), one.encode().length + 5);
    row[0] = 2;

    assertThat(RegisteredMember.decode(one.member().id(), row)).isEqualTo(one);
  }

  @Test
  void remove_processThatCameBack() {
    registry.register(member("one", 1), instances);
    registry.register(member("one", 2), instances);

    assertThat(registry.remove(member("one", 1))).isFalse();
    assertThat(registry.remove(member("one", 2))).isTrue();
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void membership_removesWhoIsGone() {
    ClusterMembership membership = membership(member("one", 1));
    RegisteredMember gone = member("two", 2);
    RegisteredMember living = member("three", 3);
    registry.register(gone, instances);
    registry.register(living, instances);
    alive.put("http://three:2380", 3L);
    membership.refresh();
    assertThat(membership.members()).hasSize(3);

    assertThat(membership.remove(gone.member().id())).isEqualTo(Outcome.REMOVED);
    assertThat(membership.remove(gone.member().id())).isEqualTo(Outcome.NOT_FOUND);
    assertThat(membership.remove(living.member().id())).isEqualTo(Outcome.ALIVE);
    assertThat(membership.remove(membership.self())).isEqualTo(Outcome.ALIVE);
    assertThat(membership.members())
        .extracting(Member::name)
        .containsExactlyInAnyOrder("one", "three");
    assertThat(membership.leader()).isEqualTo(5);
  }

  @Test
  void membership_engineOutOfReach() {
    ClusterMembership membership = membership(member("one", 1));
    registry.register(member("two", 2), instances);
    engine.nextRead(new EngineException.Unavailable("cut off", null));

    membership.refresh();
    assertThat(membership.members()).extracting(Member::name).containsExactly("one");
    membership.refresh();
    assertThat(membership.members()).hasSize(2);
  }

  @Test
  void membership_removedByMistake() {
    ClusterMembership membership = membership(member("one", 1));
    registry.remove(member("one", 1));

    membership.refresh();

    assertThat(registry.list()).containsExactly(member("one", 1));
    assertThat(membership.members()).hasSize(1);
  }

  private ClusterMembership membership(RegisteredMember self) {
    registry.register(self, instances);
    return new ClusterMembership(registry, self, instances, () -> 5);
  }

  private static RegisteredMember member(String name, long instance) {
    return new RegisteredMember(
        new Member(
            RegisteredMember.id(CLUSTER, name),
            name,
            List.of("http://" + name + ":2380"),
            List.of("http://" + name + ":2379", "https://[::1]:1")),
        instance);
  }
}
