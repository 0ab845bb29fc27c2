// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the answer of one unary call and hands it on once the call has ended well; tells the
 * completion of the failure otherwise.
 */
public final class Call<T> implements StreamObserver<T> {
  private final Consumer<T> answered;
  private final Completion completion;
  private @Nullable T answer;

  private Call(Consumer<T> answered, Completion completion) {
    this.answered = answered;
    this.completion = completion;
  }

  /**
   * Starts a call.
   *
   * @param answered tells {@code completion} the outcome
   */
  public static <Q, T> void start(
      Channel channel,
      MethodDescriptor<Q, T> method,
      Q request,
      Completion completion,
      Consumer<T> answered) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, CallOptions.DEFAULT), request, new Call<>(answered, completion));
  }

  /** How a failure is counted: the code and the server's text. */
  public static String error(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    String description = status.getDescription();
    return description == null ? status.getCode().name() : status.getCode() + ": " + description;
  }

  @Override
  public void onNext(T value) {
    answer = value;
  }

  @Override
  public void onError(Throwable failure) {
    completion.failed(error(failure));
  }

  @Override
  public void onCompleted() {
    if (answer == null) {
      completion.failed("no answer though the call ended well");
      return;
    }
    answered.accept(answer);
  }
}
