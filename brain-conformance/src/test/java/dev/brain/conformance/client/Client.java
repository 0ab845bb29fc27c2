// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to a server. Nothing is retried, every call ends after a bounded time, messages
 * may have any size. Thread-safe.
 */
public final class Client implements AutoCloseable {
  /** After this many seconds a unary call ends with DEADLINE_EXCEEDED. */
  public static final int SECONDS = 20;

  // Deeper than any txn that a server accepts; protobuf's own limit of 100 would refuse some
  // answers.
  private static final int DEEPEST = 100_000;

  private final ManagedChannel channel;
  private final long deadlineMillis;

  private Client(ManagedChannel channel, Duration deadline) {
    this.channel = channel;
    this.deadlineMillis = deadline.toMillis();
  }

  /** A client of the server that listens on {@code port} of loopback. */
  public static Client to(int port) {
    return to(port, Duration.ofSeconds(SECONDS));
  }

  /** As {@link #to(int)}, with another time after which a call ends; at most {@link #SECONDS}. */
  public static Client to(int port, Duration deadline) {
    return new Client(
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .disableRetry()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .maxInboundMetadataSize(1 << 20)
            .build(),
        deadline);
  }

  /** The connection, for calls that this class does not make. */
  public Channel channel() {
    return channel;
  }

  /** Connects again without waiting, if the connection is broken. */
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  /** Sends a call and returns its answer when it is there. */
  public Answer call(Call<?, ?> call) {
    return await(callLater(call));
  }

  /** The message of a call that must succeed. */
  public <A extends Message> A answer(Call<?, A> call) {
    Answer answer = call(call);
    if (answer.message() == null) {
      throw new IllegalStateException(call + " failed: " + answer);
    }
    @SuppressWarnings("unchecked") // the method's own marshaller made it
    A message = (A) answer.message();
    return message;
  }

  /** Sends a call; the future never fails. */
  public CompletableFuture<Answer> callLater(Call<?, ?> call) {
    return later(call);
  }

  private <Q extends Message, A extends Message> CompletableFuture<Answer> later(Call<Q, A> call) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    ListenableFuture<A> response =
        ClientCalls.futureUnaryCall(
            channel.newCall(deep(call.method()), options()), call.request());
    response.addListener(() -> answer.complete(answered(response)), Runnable::run);
    return answer;
  }

  /** All messages of a server-streaming call; an error comes after what was sent before it. */
  public List<Answer> stream(Call<?, ?> call) {
    return streamed(call);
  }

  private <Q extends Message, A extends Message> List<Answer> streamed(Call<Q, A> call) {
    List<Answer> answers = new ArrayList<>();
    try {
      Iterator<A> messages =
          ClientCalls.blockingServerStreamingCall(
              channel, call.method(), options(), call.request());
      messages.forEachRemaining(message -> answers.add(Answer.of(message)));
    } catch (StatusRuntimeException e) {
      answers.add(Answer.of(e.getStatus()));
    }
    return answers;
  }

  /** Waits for an answer of {@link #callLater}. */
  public static Answer await(CompletableFuture<Answer> answer) {
    try {
      return answer.get(SECONDS + 10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Answer answered(ListenableFuture<? extends Message> response) {
    try {
      return Answer.of(response.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      return Answer.of(Status.fromThrowable(e.getCause()));
    }
  }

  private CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS);
  }

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> deep(
      MethodDescriptor<Q, A> method) {
    if (!(method.getResponseMarshaller()
        instanceof MethodDescriptor.PrototypeMarshaller<A> marshaller)) {
      throw new IllegalArgumentException(method.getFullMethodName() + " has no prototype");
    }
    A prototype = marshaller.getMessagePrototype();
    if (prototype == null) {
      throw new IllegalArgumentException(method.getFullMethodName() + " has no prototype");
    }
    return method.toBuilder(
            method.getRequestMarshaller(),
            ProtoUtils.marshallerWithRecursionLimit(prototype, DEEPEST))
        .build();
  }
}
