// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Revision;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store, and a replica that is told of its revisions when the test wants it. */
final class ReplicaTest {
  private static final RangeQuery ALL = RangeQuery.newest(KeyRange.all());

  private final Engine engine = new MemoryStorage().open();
  private final StoreFixture fixture = new StoreFixture(engine);
  private final Replica replica = new Replica(engine, StoreConfig.DEFAULT, 1);

  @AfterEach
  void close() {
    fixture.close();
    engine.close();
  }

  private void tell(long revision) {
    replica.publish(List.of(fixture.awaitPublished(revision)));
  }

  private static void assertFailure(ThrowingCallable read, Failure expected) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure()).isEqualTo(expected));
  }

  @Test
  void range_revisionNotTold_isNotSeen() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    assertThat(replica.range(ALL)).isEqualTo(new RangeResult(1, List.of(), false, 0));

    tell(2);

    RangeResult result = replica.range(ALL);
    assertThat(result.revision()).isEqualTo(2);
    assertThat(result.keyValues())
        .singleElement()
        .satisfies(keyValue -> assertThat(keyValue.row().modRevision()).isEqualTo(2));
    tell(3);
    assertThat(replica.range(ALL)).usingRecursiveComparison().isEqualTo(fixture.store.range(ALL));
    assertFailure(() -> replica.range(ALL.atRevision(4)), new Failure.FutureRevision());
  }

  @Test
  void range_compactedByTheLeader_isRefused() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    tell(2);
    tell(3);
    fixture.compact(3);

    assertFailure(() -> replica.range(ALL.atRevision(2)), new Failure.Compacted(3));
    assertFailure(
        () -> replica.log().read(KeyRange.all(), 2, 3, 10, 1000), new Failure.Compacted(3));
    assertThat(replica.compactRevision()).isEqualTo(3);
    assertThat(replica.range(ALL).count()).isEqualTo(1);
  }

  @Test
  void range_behindTheCompaction_isRefusedUntilItHasCaughtUp() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    fixture.compact(3);

    assertThatThrownBy(() -> replica.range(ALL))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure()).isInstanceOf(Failure.Unreadable.class));

    replica.skip(3);
    assertThat(replica.range(ALL)).usingRecursiveComparison().isEqualTo(fixture.store.range(ALL));
  }

  @Test
  void count_afterRandomChanges_isThatOfTheStore() throws FailureException {
    long seed = Long.getLong("brain.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("replica test: -Dbrain.seed=" + seed);
    Random random = new Random(seed);
    long told = 1;
    for (int step = 0; step < 600; step++) {
      String key = "key" + random.nextInt(80);
      if (random.nextInt(3) == 0) {
        fixture.delete(key);
      } else {
        fixture.put(key, "v" + step);
      }
      if (random.nextInt(50) == 0) {
        told = fixture.store.revision();
        replica.skip(told);
      }
      while (told < fixture.store.revision()) {
        tell(++told);
      }
      RangeQuery query =
          new RangeQuery(
              KeyRange.from(("key" + random.nextInt(80)).getBytes(StandardCharsets.UTF_8)),
              1,
              0,
              RangeQuery.Order.NONE,
              RangeQuery.Target.KEY,
              false,
              false,
              random.nextBoolean(),
              ALL.filter());
      assertThat(replica.range(query))
          .usingRecursiveComparison()
          .isEqualTo(fixture.store.range(query));
    }
  }

  @Test
  void publish_movesTheRevision() throws FailureException {
    fixture.put("a", "1");
    Revision revision = fixture.awaitPublished(2);

    replica.publish(List.of(revision));

    assertThat(replica.revision()).isEqualTo(2);
    replica.advance(1);
    assertThat(replica.revision()).isEqualTo(2);
    replica.advance(9);
    assertThat(replica.revision()).isEqualTo(9);
  }
}
