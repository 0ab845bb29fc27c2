// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;

/** One request that is one message. */
public record Call<Q extends Message, A extends Message>(MethodDescriptor<Q, A> method, Q request) {

  /** A request of a method. */
  public static <Q extends Message, A extends Message> Call<Q, A> of(
      MethodDescriptor<Q, A> method, Q request) {
    return new Call<>(method, request);
  }

  /** The method's own name, for example {@code Range}. */
  public String name() {
    String name = method.getBareMethodName();
    return name == null ? method.getFullMethodName() : name;
  }

  @Override
  public String toString() {
    return name() + " { " + Texts.oneLine(request) + " }";
  }
}
