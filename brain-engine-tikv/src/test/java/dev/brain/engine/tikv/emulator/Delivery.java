// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.tikv.shade.io.grpc.Status;
import org.tikv.shade.io.grpc.stub.StreamObserver;

/**
 * Where every request meets its fate: counts it, asks the plan, executes, answers, or keeps it for
 * later. Thread-safe; requests are executed on the threads that bring them, held ones on the thread
 * that releases them.
 *
 * <p>At most {@value #MAX_HELD} calls are held; what comes then is lost, so that a test which never
 * releases runs on.
 */
final class Delivery {
  private static final int MAX_HELD = 10_000;

  private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
  private final List<Runnable> held = new ArrayList<>();
  private volatile FaultPlan plan = FaultPlan.none();

  void plan(FaultPlan newPlan) {
    plan = newPlan;
  }

  long calls(String method) {
    LongAdder count = calls.get(method);
    return count == null ? 0 : count.sum();
  }

  /** How many calls were held; they are executed in the order in which they came. */
  int release() {
    List<Runnable> released;
    synchronized (held) {
      released = List.copyOf(held);
      held.clear();
    }
    released.forEach(Runnable::run);
    return released.size();
  }

  <A> void deliver(Call call, Exchange<A> exchange, StreamObserver<A> caller) {
    calls.computeIfAbsent(call.method(), method -> new LongAdder()).increment();
    Fate fate = plan.fate(call);
    if (call.toPd() && !fate.concernsPd()) {
      throw new IllegalArgumentException(fate + " is no fate of a call to PD: " + call.method());
    }
    switch (fate) {
      case DELIVER -> answer(caller, exchange.execute());
      case LOSE_REQUEST -> breakOff(caller);
      case LOSE_ANSWER -> {
        exchange.execute();
        breakOff(caller);
      }
      case LATE_REQUEST -> {
        hold(exchange::execute);
        breakOff(caller);
      }
      case LATE_ANSWER -> {
        A answer = exchange.execute();
        holdOrBreakOff(caller, () -> answer(caller, answer));
      }
      case HOLD -> holdOrBreakOff(caller, () -> answer(caller, exchange.execute()));
      case NOT_LEADER ->
          answer(caller, exchange.refuse(RegionErrors.notLeader(exchange.region(), false)));
      case EPOCH_NOT_MATCH ->
          answer(caller, exchange.refuse(RegionErrors.epochNotMatch(List.of(exchange.region()))));
      case SERVER_IS_BUSY -> answer(caller, exchange.refuse(RegionErrors.serverIsBusy()));
      case MAX_TIMESTAMP_NOT_SYNCED ->
          answer(caller, exchange.refuse(RegionErrors.maxTimestampNotSynced()));
      case STALE_COMMAND -> {
        exchange.execute();
        answer(caller, exchange.refuse(RegionErrors.staleCommand()));
      }
    }
  }

  private <A> void holdOrBreakOff(StreamObserver<A> caller, Runnable call) {
    if (!hold(call)) {
      breakOff(caller);
    }
  }

  private boolean hold(Runnable call) {
    synchronized (held) {
      return held.size() < MAX_HELD && held.add(call);
    }
  }

  private static <A> void answer(StreamObserver<A> caller, A answer) {
    caller.onNext(answer);
    caller.onCompleted();
  }

  private static void breakOff(StreamObserver<?> caller) {
    caller.onError(Status.UNAVAILABLE.withDescription("emulated loss").asRuntimeException());
  }
}
