// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Errorpb;
import org.tikv.shade.com.google.protobuf.ByteString;
import org.tikv.shade.io.grpc.CallOptions;
import org.tikv.shade.io.grpc.ManagedChannel;
import org.tikv.shade.io.grpc.Status;
import org.tikv.shade.io.grpc.StatusRuntimeException;
import org.tikv.shade.io.grpc.stub.ClientCalls;

/** Sends requests to the stores that lead regions. Thread-safe. */
final class Stores {
  private final Regions regions;
  private final Channels channels;
  private final ExecutorService executor;
  private final Duration patience;

  /**
   * A way to all stores.
   *
   * @param executor runs what is done in parallel; each task blocks
   * @param patience for one request
   */
  Stores(Regions regions, Channels channels, ExecutorService executor, Duration patience) {
    this.regions = regions;
    this.channels = channels;
    this.executor = executor;
    this.patience = patience;
  }

  /**
   * The answer to a request, and the region that gave it.
   *
   * @param region serves all keys from its start to its end as of this answer
   */
  record Located<R>(Region region, R response) {}

  /** Things whose keys are in one region. */
  record Group<T>(Region region, List<T> members) {}

  /** Sends one request once. Takes note of what the answer says about the region. */
  <Q, R> Answer<R> send(Region region, Rpc<Q, R> rpc, Q request, Budget budget) {
    ManagedChannel channel = channels.to(region.address());
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(
            budget.remainingNanos(patience), TimeUnit.NANOSECONDS);
    R response;
    try {
      response = ClientCalls.blockingUnaryCall(channel, rpc.method(), options, request);
    } catch (StatusRuntimeException e) {
      channel.resetConnectBackoff(); // how often it is tried is the budget's business
      regions.forget(region);
      String reason = region.address() + ": " + Trouble.of(e);
      return wasNotSent(e) ? new Answer.Refused<>(reason) : new Answer.Lost<>(reason);
    }
    if (!rpc.isRefused().test(response)) {
      return new Answer.Given<>(response);
    }
    Errorpb.Error error = rpc.refusal().apply(response);
    learn(region, error, budget);
    String reason = region.address() + ": " + error.getMessage();
    return isKnown(error) ? new Answer.Refused<>(reason) : new Answer.Lost<>(reason);
  }

  /** Whether there was no connection at all. */
  private static boolean wasNotSent(StatusRuntimeException e) {
    if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
      return false;
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return true;
      }
    }
    return false;
  }

  private void learn(Region region, Errorpb.Error error, Budget budget) {
    if (error.hasNotLeader() && error.getNotLeader().getLeader().getStoreId() != 0) {
      try {
        regions.leads(region, error.getNotLeader().getLeader(), budget);
      } catch (EngineException.Unavailable _) {
        regions.forget(region); // the answer at hand counts more than where to go next
      }
    } else if (!error.hasServerIsBusy() && !error.hasMaxTimestampNotSynced()) {
      regions.forget(region);
    }
  }

  /**
   * Whether an error is one of those that say that nothing was done. A stale command is none: it
   * was proposed, and then leadership was lost. Newer versions have one more of that kind, which
   * the client's messages do not know.
   */
  private static boolean isKnown(Errorpb.Error error) {
    return error.hasNotLeader()
        || error.hasRegionNotFound()
        || error.hasKeyNotInRegion()
        || error.hasEpochNotMatch()
        || error.hasServerIsBusy()
        || error.hasStoreNotMatch()
        || error.hasRaftEntryTooLarge()
        || error.hasMaxTimestampNotSynced()
        || error.hasReadIndexNotReady()
        || error.hasProposalInMergingMode()
        || error.hasDataIsNotReady()
        || error.hasRegionNotInitialized()
        || error.hasDiskFull()
        || error.hasRecoveryInProgress();
  }

  /**
   * Sends a request to the region of a key until it is answered. For requests that may be done
   * twice.
   *
   * @throws EngineException.Unavailable if the budget was spent first
   */
  <Q, R> Located<R> ask(ByteString key, Rpc<Q, R> rpc, Function<Region, Q> request, Budget budget) {
    return ask(() -> regions.locate(key, budget), rpc, request, budget);
  }

  /** As {@link #ask}, of the region with the greatest key below a bound. */
  <Q, R> Located<R> askBelow(
      ByteString bound, Rpc<Q, R> rpc, Function<Region, Q> request, Budget budget) {
    return ask(() -> regions.locateBelow(bound, budget), rpc, request, budget);
  }

  private <Q, R> Located<R> ask(
      java.util.function.Supplier<Region> locate,
      Rpc<Q, R> rpc,
      Function<Region, Q> request,
      Budget budget) {
    for (int tries = 1; ; tries++) {
      Region region = locate.get();
      String trouble;
      switch (send(region, rpc, request.apply(region), budget)) {
        case Answer.Given<R>(R response) -> {
          return new Located<>(region, response);
        }
        case Answer.Refused<R>(String reason) -> trouble = reason;
        case Answer.Lost<R>(String reason) -> trouble = reason;
      }
      if (budget.isSpent()) {
        throw unreachable(trouble);
      }
      budget.pause(tries);
    }
  }

  /** What to say when a budget was spent on a region. */
  static EngineException.Unavailable unreachable(@Nullable String trouble) {
    return new EngineException.Unavailable("TiKV did not answer in time: " + trouble, null);
  }

  /** Sorts things by the region of their key, in the order in which they come. */
  <T> List<Group<T>> group(Iterable<T> things, Function<T, ByteString> key, Budget budget) {
    Map<Region, List<T>> groups = new LinkedHashMap<>();
    Region last = null;
    for (T thing : things) {
      ByteString at = key.apply(thing);
      if (last == null || !last.contains(at)) {
        last = regions.locate(at, budget);
      }
      groups.computeIfAbsent(last, _ -> new ArrayList<>()).add(thing);
    }
    return groups.entrySet().stream()
        .map(entry -> new Group<>(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Does something for each of several things at once; one alone is done by the caller. */
  <T, A> List<A> inParallel(List<T> things, Function<T, A> task) {
    if (things.size() == 1) {
      return List.of(task.apply(things.getFirst()));
    }
    List<Future<A>> running =
        things.stream().map(thing -> executor.submit(() -> task.apply(thing))).toList();
    List<A> results = new ArrayList<>();
    EngineException failure = null;
    for (Future<A> run : running) {
      try {
        results.add(run.get());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        failure = unreachable("interrupted");
        running.forEach(other -> other.cancel(true));
        break;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof EngineException known) {
          failure = known;
        } else {
          throw new IllegalStateException(e.getCause());
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }
}
