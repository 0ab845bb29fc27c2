// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.ServerCallHandler;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/** Serves calls by methods that are told the caller too. */
final class CallerCalls {
  private CallerCalls() {}

  /** A method of a service; runs on the event loop. */
  interface Method<Q, A> {
    void call(Q request, StreamObserver<A> answer, Caller caller);
  }

  static <Q, A> ServerCallHandler<Q, A> unary(Method<Q, A> method) {
    return (call, headers) -> {
      Caller caller = Caller.of(call);
      ServerCalls.UnaryMethod<Q, A> told =
          (request, answer) -> method.call(request, answer, caller);
      return ServerCalls.asyncUnaryCall(told).startCall(call, headers);
    };
  }

  static <Q, A> ServerCallHandler<Q, A> serverStreaming(Method<Q, A> method) {
    return (call, headers) -> {
      Caller caller = Caller.of(call);
      ServerCalls.ServerStreamingMethod<Q, A> told =
          (request, answers) -> method.call(request, answers, caller);
      return ServerCalls.asyncServerStreamingCall(told).startCall(call, headers);
    };
  }
}
