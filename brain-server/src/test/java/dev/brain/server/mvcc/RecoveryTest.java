// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.FailureException;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store makes of the engine it is opened on. */
final class RecoveryTest {
  private final Engine engine = new MemoryStorage().open();

  @AfterEach
  void close() {
    engine.close();
  }

  private Store open() {
    return Store.open(engine, StoreConfig.DEFAULT, new Random(1));
  }

  private void put(byte[] name, byte[] value) {
    engine.commit(new WriteBatch().put(Space.META, name, value));
  }

  @Test
  void open_newerFormat_isRefusedAndNotTouched() {
    put(MetaKeys.FORMAT, MetaKeys.number(2));
    assertThatThrownBy(this::open)
        .isInstanceOf(EngineException.Corrupted.class)
        .hasMessage("store format: 2 (expected: 1, the only one this version of Brain reads)");
    assertThat(engine.get(Space.META, bytes("epoch"))).isNull();
  }

  @Test
  void open_rowsOfSomethingElse_isRefused() {
    engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), bytes("b")));
    assertThatThrownBy(this::open)
        .isInstanceOf(EngineException.Corrupted.class)
        .hasMessageContaining("rows of HEAD");
  }

  @Test
  void open_damagedRows_areRefused() {
    open().close();
    byte[] id = Objects.requireNonNull(engine.get(Space.META, MetaKeys.CLUSTER_ID));
    engine.commit(new WriteBatch().delete(Space.META, MetaKeys.CLUSTER_ID));
    assertThatThrownBy(this::open).hasMessageContaining("cluster-id: none");
    put(MetaKeys.CLUSTER_ID, new byte[] {1});
    assertThatThrownBy(this::open).hasMessageContaining("cluster-id: 1 bytes");
    put(MetaKeys.CLUSTER_ID, id);
    put(MetaKeys.COMPACT_REVISION, new byte[] {1});
    assertThatThrownBy(this::open).hasMessageContaining("compact-revision: 1 bytes");
  }

  @Test
  void open_again_sameIdsAndANewEpoch() {
    Store first = open();
    Store second = open();
    assertThat(second.clusterId()).isEqualTo(first.clusterId()).isNotZero();
    assertThat(second.memberId()).isEqualTo(first.memberId()).isNotZero();
    assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
  }

  @Test
  void revision_isAboveTheFloor() throws FailureException {
    open().close();
    put(MetaKeys.REVISION_FLOOR, MetaKeys.number(1_000));
    try (StoreFixture fixture = new StoreFixture(engine)) {
      assertThat(fixture.store.revision()).isEqualTo(1_000);
      assertThat(fixture.put("a", "1")).isEqualTo(1_001);
    }
  }

  @Test
  void damagedHead_failsReadsAndWritesOfItsKey() throws FailureException {
    try (StoreFixture fixture =
        new StoreFixture(engine, new StoreConfig(0, 10, 1000, 1000, CountBounds.DEFAULT))) {
      fixture.put("a", "1");
      fixture.put("b", "1");
      engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), new byte[0]));
      assertThatThrownBy(() -> fixture.get("a")).isInstanceOf(FailureException.class);
      assertThatThrownBy(() -> fixture.all(0)).isInstanceOf(FailureException.class);
      assertThatThrownBy(() -> fixture.store.range(StoreFixture.count()))
          .isInstanceOf(FailureException.class);
      assertThatThrownBy(() -> fixture.put("a", "2")).isInstanceOf(FailureException.class);
      assertThat(fixture.put("b", "2")).isEqualTo(4);
    }
  }
}
