// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.PDGrpc;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.io.grpc.Status;
import org.tikv.shade.io.grpc.stub.StreamObserver;

/** Gives timestamps that ascend over the whole cluster. Thread-safe. */
final class TimestampOracle {
  /*
   * One stream to the placement driver, one request on its way at a time. Who comes meanwhile waits
   * and goes with the next, which asks for as many timestamps as there are waiters.
   *
   *  1. A timestamp is asked for after its caller came: it is above all that were given before.
   *  2. The answer holds the last of a row of timestamps; the waiters get one each.
   *  3. What fails or does not answer ends the stream and with it all waiters' tries; each tries
   *     again by itself, in its own budget. The answer of an ended stream is not looked at.
   */
  private final PlacementDriver driver;
  private final Duration patience;
  private List<CompletableFuture<Long>> waiting = new ArrayList<>(); // guarded by this
  private @Nullable Stream stream; // guarded by this; null before the first and after a failed one

  /**
   * Opens no stream yet.
   *
   * @param patience for one answer
   */
  TimestampOracle(PlacementDriver driver, Duration patience) {
    this.driver = driver;
    this.patience = patience;
  }

  /**
   * A timestamp above all that anybody got before this call began.
   *
   * @throws EngineException.Unavailable if there is none before the budget is spent
   */
  long next(Budget budget) {
    for (int tries = 1; ; tries++) {
      CompletableFuture<Long> answer = new CompletableFuture<>();
      Stream asked = ask(answer, driver.leader(budget));
      String trouble;
      try {
        return answer.get(budget.remainingNanos(patience), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        trouble = "no timestamp in time";
        asked.fail(Status.DEADLINE_EXCEEDED.withDescription(trouble).asRuntimeException());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        trouble = "interrupted";
      } catch (ExecutionException e) {
        trouble = Trouble.of(e);
      }
      if (budget.isSpent()) {
        throw new EngineException.Unavailable(
            "the placement driver gives no timestamp: " + trouble, null);
      }
      budget.pause(tries);
    }
  }

  private synchronized Stream ask(CompletableFuture<Long> answer, PlacementDriver.Leader leader) {
    waiting.add(answer);
    Stream current = stream;
    if (current == null) {
      current = new Stream(leader);
      stream = current;
      current.begin();
    }
    current.send();
    return current;
  }

  /** One stream, from its first request to its failure. */
  private final class Stream implements StreamObserver<Pdpb.TsoResponse> {
    private final PlacementDriver.Leader leader;
    private List<CompletableFuture<Long>> asked = List.of(); // guarded by the oracle
    private @Nullable StreamObserver<Pdpb.TsoRequest> requests; // guarded by the oracle

    Stream(PlacementDriver.Leader leader) {
      this.leader = leader;
    }

    void begin() {
      requests = PDGrpc.newStub(driver.channel(leader)).tso(this);
    }

    /** Asks for all who wait, if nothing is on its way. */
    void send() {
      StreamObserver<Pdpb.TsoRequest> open = requests;
      if (stream == this && open != null && asked.isEmpty() && !waiting.isEmpty()) {
        asked = waiting;
        waiting = new ArrayList<>();
        open.onNext(
            Pdpb.TsoRequest.newBuilder().setHeader(leader.header()).setCount(asked.size()).build());
      }
    }

    @Override
    public void onNext(Pdpb.TsoResponse response) {
      List<CompletableFuture<Long>> answered;
      Pdpb.Timestamp last = response.getTimestamp();
      synchronized (TimestampOracle.this) {
        if (stream != this || asked.isEmpty() || response.getCount() != asked.size()) {
          answered = List.of();
        } else {
          answered = asked;
          asked = List.of();
          send();
        }
      }
      if (answered.isEmpty()) {
        fail(Status.INTERNAL.withDescription("unexpected answer").asRuntimeException());
        return;
      }
      long first = last.getLogical() - answered.size() + 1;
      for (int waiter = 0; waiter < answered.size(); waiter++) {
        try {
          answered.get(waiter).complete(Timestamps.of(last.getPhysical(), first + waiter));
        } catch (EngineException e) {
          answered.get(waiter).completeExceptionally(e);
        }
      }
    }

    @Override
    public void onError(Throwable error) {
      fail(error);
    }

    @Override
    public void onCompleted() {
      fail(Status.UNAVAILABLE.withDescription("the stream ended").asRuntimeException());
    }

    /** Ends this stream, once, and the tries of all who wait. */
    void fail(Throwable reason) {
      List<CompletableFuture<Long>> failed;
      StreamObserver<Pdpb.TsoRequest> open;
      synchronized (TimestampOracle.this) {
        if (stream != this) {
          return;
        }
        stream = null;
        failed = new ArrayList<>(asked);
        failed.addAll(waiting);
        waiting = new ArrayList<>();
        open = requests;
      }
      driver.forget(leader);
      failed.forEach(waiter -> waiter.completeExceptionally(reason));
      if (open != null) {
        try {
          open.onError(Status.CANCELLED.asRuntimeException());
        } catch (IllegalStateException _) {
          // it had ended by itself
        }
      }
    }
  }
}
