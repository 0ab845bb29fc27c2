// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import dev.brain.proto.etcdserverpb.WatchCancelRequest;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchProgressRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One watch stream that keeps every message in the order of arrival. Thread-safe. */
public final class WatchStream implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<WatchResponse> received = new ArrayList<>();
  private final ClientCall<WatchRequest, WatchResponse> call;
  private @Nullable Answer end;

  private WatchStream(ClientCall<WatchRequest, WatchResponse> call) {
    this.call = call;
  }

  /** Opens a stream and reads from it without end. */
  public static WatchStream open(Channel channel) {
    return open(channel, new Metadata());
  }

  /** Opens a stream with request metadata and reads from it without end. */
  public static WatchStream open(Channel channel, Metadata metadata) {
    WatchStream stream =
        new WatchStream(channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT));
    stream.call.start(stream.new Listener(), metadata);
    stream.call.request(Integer.MAX_VALUE);
    return stream;
  }

  /** Asks for a watch. */
  public void create(WatchCreateRequest request) {
    send(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  /** Asks for the end of a watch. */
  public void cancel(long id) {
    send(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
            .build());
  }

  /** Asks for the progress of the whole stream. */
  public void progress() {
    send(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  /** Sends any request. */
  public void send(WatchRequest request) {
    call.sendMessage(request);
  }

  /** Says that no request will follow. */
  public void halfClose() {
    call.halfClose();
  }

  /** Everything received so far. */
  public List<WatchResponse> received() {
    lock.lock();
    try {
      return List.copyOf(received);
    } finally {
      lock.unlock();
    }
  }

  /** How the server ended the stream, or null while it has not. */
  public @Nullable Answer end() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  /** Removes and returns everything received so far. */
  public List<WatchResponse> drain() {
    lock.lock();
    try {
      List<WatchResponse> all = List.copyOf(received);
      received.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until what was received satisfies {@code enough} or the time is over; says which. */
  public boolean await(Duration atMost, Predicate<List<WatchResponse>> enough) {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (!enough.test(received)) {
        if (nanos <= 0 || end != null) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      lock.unlock();
    }
  }

  /** Returns once nothing has arrived for {@code quiet}, or the stream has ended. */
  public void awaitQuiet(Duration quiet) {
    int before;
    do {
      before = received().size();
      int seen = before;
      await(quiet, messages -> messages.size() > seen);
    } while (received().size() > before);
  }

  /** Waits for the end of the stream; null when it has not come in time. */
  public @Nullable Answer awaitEnd(Duration atMost) {
    long nanos = TimeUnit.NANOSECONDS.convert(atMost);
    lock.lock();
    try {
      while (end == null && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return end;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    call.cancel("the test closes the stream", null);
  }

  private final class Listener extends ClientCall.Listener<WatchResponse> {
    @Override
    public void onMessage(WatchResponse message) {
      lock.lock();
      try {
        received.add(message);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      lock.lock();
      try {
        end = Answer.of(status);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
