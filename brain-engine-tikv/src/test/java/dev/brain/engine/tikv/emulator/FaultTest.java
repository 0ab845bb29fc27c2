// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static dev.brain.engine.tikv.emulator.WireClient.K;
import static dev.brain.engine.tikv.emulator.WireClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Kvrpcpb.PrewriteResponse;
import org.tikv.shade.io.grpc.StatusRuntimeException;

class FaultTest {
  private static final String PREWRITE = "KvPrewrite";

  private final TikvEmulator emulator = TikvEmulator.start(1);
  private final WireClient client = new WireClient(emulator.front());

  @AfterEach
  void close() {
    client.close();
    emulator.close();
  }

  @Test
  void lostRequest_didNothing() {
    emulator.faults(FaultPlan.next(PREWRITE, Fate.LOSE_REQUEST, 1));

    assertThatThrownBy(this::write).hasMessageContaining("UNAVAILABLE");
    assertThat(written()).isFalse();
    assertThat(write().getOnePcCommitTs()).isPositive();
  }

  @Test
  void lostAnswer_wasAnAnswerToWhatHappened() {
    emulator.faults(FaultPlan.next(PREWRITE, Fate.LOSE_ANSWER, 1));

    assertThatThrownBy(this::write).hasMessageContaining("UNAVAILABLE");
    assertThat(written()).isTrue();
  }

  @Test
  void lateRequest_happensWhenItsCallerHasGone() {
    emulator.faults(FaultPlan.next(PREWRITE, Fate.LATE_REQUEST, 1));

    assertThatThrownBy(this::write).hasMessageContaining("UNAVAILABLE");
    assertThat(written()).isFalse();
    assertThat(emulator.release()).isEqualTo(1);
    assertThat(written()).isTrue();
    assertThat(emulator.release()).isZero();
  }

  @Test
  void lateAnswer_tellsWhatHappenedBefore() {
    emulator.faults(FaultPlan.next(PREWRITE, Fate.LATE_ANSWER, 1));
    CompletableFuture<PrewriteResponse> answer = CompletableFuture.supplyAsync(this::write);

    await().until(this::written);
    assertThat(answer).isNotDone();
    await().until(() -> emulator.release() == 1);
    assertThat(answer.join().getOnePcCommitTs()).isPositive();
  }

  @Test
  void heldCall_happensAndIsAnsweredWhenReleased() {
    emulator.faults(FaultPlan.next(PREWRITE, Fate.HOLD, 1));
    CompletableFuture<PrewriteResponse> answer = CompletableFuture.supplyAsync(this::write);

    await().until(() -> emulator.calls(PREWRITE) == 1);
    assertThat(written()).isFalse();
    assertThat(answer).isNotDone();
    await().until(() -> emulator.release() == 1);
    assertThat(answer.join().getOnePcCommitTs()).isPositive();
    assertThat(written()).isTrue();
  }

  @Test
  void staleCommand_mayHaveHappened() {
    emulator.faults(FaultPlan.next(PREWRITE, Fate.STALE_COMMAND, 1));

    assertThat(write().getRegionError().hasStaleCommand()).isTrue();
    assertThat(written()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NOT_LEADER", "EPOCH_NOT_MATCH", "SERVER_IS_BUSY", "MAX_TIMESTAMP_NOT_SYNCED"})
  void refusal_didNothing(Fate refusal) {
    emulator.faults(FaultPlan.next(PREWRITE, refusal, 1));

    assertThat(write().hasRegionError()).isTrue();
    assertThat(written()).isFalse();
  }

  @Test
  void lostTimestamp_breaksTheStream() {
    emulator.faults(FaultPlan.next("Tso", Fate.LOSE_ANSWER, 1));

    assertThatThrownBy(client::timestamp).isInstanceOf(StatusRuntimeException.class);
    assertThat(client.timestamp()).isPositive();
  }

  @Test
  void randomPlan_isTheSameForTheSameSeed() {
    List<List<Fate>> runs = new ArrayList<>();
    Call call = new Call(PREWRITE, 1, 0, GetRequest.getDefaultInstance());
    for (long seed : new long[] {7, 7, 8}) {
      FaultPlan plan = FaultPlan.random(seed, 30, List.of(Fate.LOSE_ANSWER, Fate.LATE_REQUEST));
      List<Fate> run = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        run.add(plan.fate(call));
      }
      runs.add(run);
    }

    assertThat(runs.get(0))
        .isEqualTo(runs.get(1))
        .isNotEqualTo(runs.get(2))
        .contains(Fate.DELIVER, Fate.LOSE_ANSWER, Fate.LATE_REQUEST);
  }

  @CanIgnoreReturnValue
  private PrewriteResponse write() {
    return client
        .leader(K)
        .kvPrewrite(client.prewrite(client.timestamp(), put(K, "v")).setTryOnePc(true).build());
  }

  private boolean written() {
    var request =
        GetRequest.newBuilder()
            .setContext(client.context(K))
            .setKey(K)
            .setVersion(client.timestamp());
    return !client.leader(K).kvGet(request.build()).getNotFound();
  }
}
