// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.function.BiConsumer;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.io.grpc.stub.StreamObserver;

/**
 * The stream on which one client asks for timestamps, again and again. Its requests come one after
 * the other; answers that were held may come from another thread.
 */
final class TimestampStream implements StreamObserver<Pdpb.TsoRequest> {
  /** Answers one request of the stream, which stays open after it. */
  static final class Answers<A> implements StreamObserver<A> {
    private final StreamObserver<A> caller;
    private boolean ended;

    private Answers(StreamObserver<A> caller) {
      this.caller = caller;
    }

    @Override
    public synchronized void onNext(A answer) {
      if (!ended) {
        caller.onNext(answer);
      }
    }

    @Override
    public synchronized void onError(Throwable failure) {
      if (!ended) {
        ended = true;
        caller.onError(failure);
      }
    }

    @Override
    public void onCompleted() {}

    private synchronized void end() {
      if (!ended) {
        ended = true;
        caller.onCompleted();
      }
    }
  }

  private final Answers<Pdpb.TsoResponse> answers;
  private final BiConsumer<Pdpb.TsoRequest, StreamObserver<Pdpb.TsoResponse>> service;

  TimestampStream(
      StreamObserver<Pdpb.TsoResponse> caller,
      BiConsumer<Pdpb.TsoRequest, StreamObserver<Pdpb.TsoResponse>> service) {
    this.answers = new Answers<>(caller);
    this.service = service;
  }

  @Override
  public void onNext(Pdpb.TsoRequest request) {
    service.accept(request, answers);
  }

  @Override
  public void onError(Throwable cancelled) {
    answers.end();
  }

  @Override
  public void onCompleted() {
    answers.end();
  }
}
