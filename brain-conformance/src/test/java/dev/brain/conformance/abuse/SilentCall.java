// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.abuse;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call whose client does not read, so that HTTP/2 lets the server send no more than a window. */
final class SilentCall<Q, A> implements AutoCloseable {
  private final ClientCall<Q, A> call;
  private final BlockingQueue<A> read = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  /** Sends {@code requests} and leaves the stream open, or half-closes it. */
  SilentCall(Channel channel, MethodDescriptor<Q, A> method, boolean halfClose, List<Q> requests) {
    call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(A message) {
            read.add(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    // A client hears nothing of the first message either before it asks for one.
    requests.forEach(call::sendMessage);
    if (halfClose) {
      call.halfClose();
    }
  }

  /** Reads one message; null when none comes within ten seconds. */
  @Nullable A readOne() {
    call.request(1);
    try {
      return read.poll(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** How many messages were received and not taken by {@link #readOne}. */
  int read() {
    return read.size();
  }

  /** Asks for a message and waits for the end of the call instead. */
  Status awaitEnd() {
    call.request(1);
    return end.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    call.cancel("the test ends the call", null);
  }
}
