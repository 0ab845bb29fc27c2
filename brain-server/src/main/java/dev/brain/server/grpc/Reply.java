// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/**
 * The one answer of a unary call. May be given on any thread, once; a client that has gone away is
 * no error.
 */
final class Reply<T> {
  private final ServerCallStreamObserver<T> observer;

  private Reply(ServerCallStreamObserver<T> observer) {
    this.observer = observer;
    // Without a handler an answer to a client that has gone away would throw.
    observer.setOnCancelHandler(() -> {});
  }

  /** Takes over a call; to be made before the service method returns. */
  static <T> Reply<T> to(StreamObserver<T> observer) {
    return new Reply<>((ServerCallStreamObserver<T>) observer);
  }

  /**
   * Says what to do once the client has the answer or never will; to be said before the service
   * method returns.
   *
   * @param ended may run twice
   */
  void onEnd(Runnable ended) {
    observer.setOnCancelHandler(ended);
    observer.setOnCloseHandler(ended);
  }

  void send(T answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  void refuse(EtcdStatus status) {
    observer.onError(status.exception());
  }

  /** Refuses with the text and a code that says nothing, as etcd's locks and elections do. */
  void refusePlainly(EtcdStatus status) {
    observer.onError(new EtcdException(Coordination.plain(status)));
  }

  /** Answers with what a store's answer is turned into. */
  <R> Completion<R> completion(Function<R, T> answer) {
    return new Completion<>() {
      @Override
      public void complete(R result) {
        send(answer.apply(result));
      }

      @Override
      public void fail(Failure failure) {
        refuse(EtcdStatus.of(failure));
      }
    };
  }

  /** Answers with what a store's answer is turned into, and refuses plainly. */
  <R> Completion<R> plainCompletion(Function<R, T> answer) {
    return new Completion<>() {
      @Override
      public void complete(R result) {
        send(answer.apply(result));
      }

      @Override
      public void fail(Failure failure) {
        refusePlainly(EtcdStatus.of(failure));
      }
    };
  }
}
