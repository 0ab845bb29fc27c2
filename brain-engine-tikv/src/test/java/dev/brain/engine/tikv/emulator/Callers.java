// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.tikv.shade.io.grpc.stub.ServerCallStreamObserver;
import org.tikv.shade.io.grpc.stub.StreamObserver;

/** Answers to callers that may have gone. */
final class Callers {
  private Callers() {}

  /** The same caller; to answer it after it has given up is no error. */
  static <A> StreamObserver<A> patient(StreamObserver<A> caller) {
    ((ServerCallStreamObserver<A>) caller).setOnCancelHandler(() -> {});
    return caller;
  }
}
