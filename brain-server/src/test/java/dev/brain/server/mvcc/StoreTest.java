// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static dev.brain.server.mvcc.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.event.RevisionBatch;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StoreTest {
  private final MemoryStorage storage = new MemoryStorage();
  private Engine engine = storage.open();
  private StoreFixture fixture = new StoreFixture(engine);

  @AfterEach
  void close() {
    fixture.close();
    engine.close();
  }

  private void reopen() {
    close();
    engine = storage.open();
    fixture = new StoreFixture(engine);
  }

  private static RangeQuery prefix(String prefix) {
    return RangeQuery.newest(KeyRange.prefix(bytes(prefix)));
  }

  @Test
  void revision_freshStore() {
    assertThat(fixture.store.revision()).isEqualTo(1);
    assertThat(fixture.store.compactRevision()).isZero();
  }

  @Test
  void put_newKey() throws FailureException {
    assertThat(fixture.put("a", "1")).isEqualTo(2);
    RangeResult got = fixture.get("a");
    assertThat(got.revision()).isEqualTo(2);
    assertThat(got.count()).isEqualTo(1);
    assertThat(got.keyValues().getFirst().row().value()).isEqualTo(bytes("1"));
    assertThat(got.keyValues().getFirst().row().createRevision()).isEqualTo(2);
    assertThat(got.keyValues().getFirst().row().version()).isEqualTo(1);
  }

  @Test
  void put_afterDelete_startsAgain() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    assertThat(fixture.get("a").keyValues().getFirst().row().version()).isEqualTo(2);
    assertThat(fixture.delete("a")).isEqualTo(4);
    assertThat(fixture.get("a").keyValues()).isEmpty();
    assertThat(fixture.put("a", "3")).isEqualTo(5);
    assertThat(fixture.get("a").keyValues().getFirst().row().version()).isEqualTo(1);
    assertThat(fixture.get("a").keyValues().getFirst().row().createRevision()).isEqualTo(5);
  }

  @Test
  void delete_absentKey_makesNoRevision() throws FailureException {
    assertThat(fixture.delete("a")).isEqualTo(1);
    assertThat(fixture.published).isEmpty();
  }

  @Test
  void range_oldRevisions() throws FailureException {
    fixture.put("a", "1");
    fixture.put("b", "1");
    fixture.put("a", "2");
    fixture.delete("b");
    fixture.put("b", "3");
    assertThat(fixture.all(2).count()).isEqualTo(1);
    assertThat(fixture.all(3).count()).isEqualTo(2);
    assertThat(fixture.all(4).keyValues().getFirst().row().value()).isEqualTo(bytes("2"));
    assertThat(fixture.all(5).count()).isEqualTo(1);
    assertThat(fixture.all(6).keyValues().getLast().row().value()).isEqualTo(bytes("3"));
    assertThat(fixture.all(6).revision()).isEqualTo(6);
    assertThatThrownBy(() -> fixture.all(7))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(FailureException.class))
        .extracting(FailureException::failure)
        .isEqualTo(new Failure.FutureRevision());
  }

  @Test
  void txn_failedCompare_answersWithoutRevision() throws FailureException {
    fixture.put("a", "1");
    Compare absent =
        new Compare(
            KeyRange.single(bytes("a")),
            Compare.Relation.EQUAL,
            new Compare.Operand.ModRevision(0));
    TxnResult result =
        fixture.txn(
            new Txn(
                List.of(absent),
                List.of(Op.Put.of(key("a"), bytes("2"), 0)),
                List.of(new Op.Range(RangeQuery.newest(KeyRange.single(bytes("a")))))));
    assertThat(result.succeeded()).isFalse();
    assertThat(result.revision()).isEqualTo(2);
    assertThat(((RangeResult) result.results().getFirst()).count()).isEqualTo(1);
  }

  @Test
  void txn_innerRevisions_followFirstChange() throws FailureException {
    fixture.put("a", "1");
    TxnResult result =
        fixture.txn(
            new Txn(
                List.of(),
                List.of(
                    new Op.DeleteRange(KeyRange.single(bytes("x")), false),
                    Op.Put.of(key("b"), bytes("2"), 0),
                    new Op.Range(prefix("")),
                    new Op.DeleteRange(KeyRange.single(bytes("x")), false)),
                List.of()));
    assertThat(result.revision()).isEqualTo(3);
    assertThat(((OpResult.Delete) result.results().get(0)).revision()).isEqualTo(2);
    assertThat(((OpResult.Put) result.results().get(1)).revision()).isEqualTo(3);
    assertThat(((RangeResult) result.results().get(2)).count()).isEqualTo(2);
    assertThat(((OpResult.Delete) result.results().get(3)).revision()).isEqualTo(3);
  }

  @Test
  void deleteRange_severalKeys_oneRevision() throws FailureException {
    fixture.put("a", "1");
    fixture.put("b", "1");
    fixture.put("c", "1");
    TxnResult result =
        fixture.txn(Txn.of(new Op.DeleteRange(new KeyRange(bytes("a"), bytes("c")), true)));
    OpResult.Delete deleted = (OpResult.Delete) result.results().getFirst();
    assertThat(deleted.deleted()).isEqualTo(2);
    assertThat(deleted.previous()).hasSize(2);
    assertThat(fixture.awaitPublished(result.revision()).events())
        .hasSize(2)
        .allMatch(Event::isDelete);
    assertThat(fixture.all(0).count()).isEqualTo(1);
  }

  @Test
  void compact_belowIsRefused_atIsReadable() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    fixture.delete("a");
    fixture.put("b", "1");
    fixture.compact(4);
    assertThat(fixture.store.compactRevision()).isEqualTo(4);
    assertThat(fixture.all(4).count()).isZero();
    assertThatThrownBy(() -> fixture.all(3)).isInstanceOf(FailureException.class);
    assertThatThrownBy(() -> fixture.compact(4)).isInstanceOf(FailureException.class);
    RevisionBatch log = fixture.store.log().read(KeyRange.all(), 4, 5, 10, 1000);
    assertThat(log.revisions()).hasSize(2);
    assertThat(log.revisions().getFirst().events().getFirst().previous()).isNotNull();
    fixture.compact(5);
    assertThat(fixture.all(0).count()).isEqualTo(1);
    reopen();
    assertThat(fixture.store.compactRevision()).isEqualTo(5);
    assertThat(fixture.store.revision()).isEqualTo(5);
  }

  @Test
  void lease_revokeDeletesItsKeysInOneRevision() throws FailureException {
    fixture.grant(7, 60);
    fixture.txn(Txn.of(Op.Put.of(key("b"), bytes("1"), 7)));
    fixture.txn(Txn.of(Op.Put.of(key("a"), bytes("1"), 7)));
    fixture.txn(Txn.of(Op.Put.of(key("c"), bytes("1"), 7)));
    fixture.put("c", "detached");
    reopen();
    assertThat(fixture.store.leaseKeys(7)).containsExactly(key("a"), key("b"));
    assertThat(fixture.revoke(7)).isEqualTo(6);
    assertThat(fixture.all(0).count()).isEqualTo(1);
    assertThat(fixture.awaitPublished(6).events()).hasSize(2);
    assertThatThrownBy(() -> fixture.revoke(7)).isInstanceOf(FailureException.class);
    assertThatThrownBy(() -> fixture.txn(Txn.of(Op.Put.of(key("a"), bytes("1"), 7))))
        .isInstanceOf(FailureException.class);
  }

  @Test
  void open_secondStore_fencesTheFirst() throws FailureException {
    fixture.put("a", "1");
    Store second = Store.open(engine, StoreConfig.DEFAULT, new java.util.Random(2));
    assertThat(second.epoch()).isGreaterThan(fixture.store.epoch());
    assertThatThrownBy(() -> fixture.put("a", "2"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("LeaderChanged");
    assertThat(second.revision()).isEqualTo(2);
    second.close();
  }
}
