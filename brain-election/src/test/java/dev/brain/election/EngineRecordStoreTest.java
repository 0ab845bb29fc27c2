// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.election.LeaderRecordStore.Outcome;
import dev.brain.election.LeaderRecordStore.Stored;
import dev.brain.engine.CommitPlan;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.memory.MemoryStorage;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineRecordStoreTest {
  private static final LeaderRecord RECORD = LeaderRecord.taken("a", "i", 1);
  private static final KubernetesLease LEASE = new KubernetesLease("storage", "brain", null);

  private final FaultyEngine engine = new FaultyEngine(new MemoryStorage().open());
  private final EngineRecordStore store = new EngineRecordStore(engine);

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  private void putRow(byte[] row) {
    engine.commit(new WriteBatch().put(Space.META, EngineRecordStore.ROW, row));
  }

  @Test
  void read_afterUncertainWrite_settlesItFirst() {
    engine.nextCommit(CommitPlan.unknownLate().stillUnknown(2));
    assertThat(store.write(Optional.empty(), RECORD)).isInstanceOf(Outcome.Uncertain.class);
    assertThatThrownBy(store::read).hasMessageContaining("not known yet");
    assertThatThrownBy(store::read).isInstanceOf(EngineException.Unavailable.class);
    assertThat(store.read()).map(Stored::record).contains(RECORD);
  }

  @Test
  void read_rowOfLaterFormat_isRefusedAndKept() {
    byte[] row = LeaderRecordCodec.encode(RECORD);
    row[0] = 2;
    putRow(row);
    assertThatThrownBy(store::read)
        .isInstanceOf(EngineException.Corrupted.class)
        .hasMessage("leader record: format 2 (expected: 1)");
    assertThat(engine.get(Space.META, EngineRecordStore.ROW)).isEqualTo(row);
  }

  @Test
  void read_rowCutOffOrTooLong_isRefused() {
    byte[] row = LeaderRecordCodec.encode(RECORD);
    for (int length = 0; length <= row.length + 1; length++) {
      putRow(Arrays.copyOf(row, length));
      if (length == row.length) {
        assertThat(store.read()).map(Stored::record).contains(RECORD);
      } else {
        assertThatThrownBy(store::read)
            .as("%d bytes", length)
            .isInstanceOf(EngineException.Corrupted.class);
      }
    }
  }

  @Test
  void ownClusterCheck_keyIsInOwnStorage_refuses() {
    LeaderRecordStore checked = new OwnClusterCheck(store, LEASE, LEASE.key()::equals);
    assertThat(checked.read()).isEmpty();
    assertThatThrownBy(() -> checked.write(Optional.empty(), RECORD))
        .hasMessageContaining("refused: it is stored in this Brain itself")
        .hasMessageContaining("/registry/leases/storage/brain");
    assertThatThrownBy(checked::read).hasMessageContaining("--election=engine");
  }

  @Test
  void ownClusterCheck_keyIsElsewhere_asksOnce() {
    int[] asked = {0};
    LeaderRecordStore checked = new OwnClusterCheck(store, LEASE, key -> asked[0]++ < 0);
    assertThat(checked.write(Optional.empty(), RECORD)).isInstanceOf(Outcome.Written.class);
    assertThat(checked.read()).map(Stored::record).contains(RECORD);
    assertThat(asked[0]).isEqualTo(1);
  }
}
