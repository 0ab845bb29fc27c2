// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import dev.brain.server.grpc.EtcdStatus;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls the leader. Thread-safe; never blocks. */
public final class LeaderLink {
  /*
   * A call that fails on the way tells nothing of whether the leader has carried it out. Clients that
   * know etcd repeat a write only if a text says that it was not sent, so the transport's own texts must
   * not get through: they become etcd's "request timed out", which promises nothing.
   */

  private static final String ETCD_TEXTS = "etcdserver: ";

  private final Supplier<Optional<Channel>> leader;

  /**
   * A link.
   *
   * @param leader the channel to the leader, as far as it is known
   */
  public LeaderLink(Supplier<Optional<Channel>> leader) {
    this.leader = leader;
  }

  /** The channel to the leader, as far as it is known. */
  Optional<Channel> channel() {
    return leader.get();
  }

  /**
   * Opens a call with the deadline and the cancellation of the call that is being served.
   *
   * @return empty if nobody leads
   */
  <Q, A> Optional<ClientCall<Q, A>> open(MethodDescriptor<Q, A> method) {
    return channel().map(to -> to.newCall(method, CallOptions.DEFAULT));
  }

  /** Forwards a unary call and hands the answer on. */
  public <Q, A> void forward(MethodDescriptor<Q, A> method, Q request, StreamObserver<A> observer) {
    Optional<ClientCall<Q, A>> call = open(method);
    if (call.isEmpty()) {
      observer.onError(EtcdStatus.NO_LEADER.exception());
    } else {
      ClientCalls.asyncUnaryCall(call.get(), request, new Answer<>(observer));
    }
  }

  /** What the client is told of how a forwarded call ended. */
  static Status told(Status status) {
    String text = status.getDescription();
    boolean lost =
        status.getCode() == Status.Code.UNAVAILABLE
            && (text == null || !text.startsWith(ETCD_TEXTS));
    return lost ? EtcdStatus.TIMED_OUT.status() : status;
  }

  private record Answer<A>(StreamObserver<A> client) implements StreamObserver<A> {
    @Override
    public void onNext(A answer) {
      client.onNext(answer);
    }

    @Override
    public void onError(Throwable fault) {
      client.onError(told(Status.fromThrowable(fault)).asRuntimeException());
    }

    @Override
    public void onCompleted() {
      client.onCompleted();
    }
  }
}
