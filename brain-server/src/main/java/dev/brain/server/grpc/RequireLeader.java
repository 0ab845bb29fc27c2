// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Serves clients that say {@code hasleader: true}, as etcd's do for watches: while there is no
 * leader their calls are refused, and when the leader is lost their streams end, so that they look
 * for a member that has one. Thread-safe.
 */
public final class RequireLeader implements ServerInterceptor {
  private static final Metadata.Key<String> HAS_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private final BooleanSupplier hasLeader;

  /** The streams under way that asked for a leader; no more than the ports let be open. */
  private final Set<EndableCall<?, ?>> streams = ConcurrentHashMap.newKeySet();

  /**
   * @param hasLeader whether there is a leader now; asked on event loops
   */
  public RequireLeader(BooleanSupplier hasLeader) {
    this.hasLeader = hasLeader;
  }

  /**
   * Ends the streams that asked for a leader. To be called when {@code hasLeader} has become false
   * and is likely to stay so; on any thread.
   */
  public void leaderLost() {
    streams.forEach(stream -> stream.end(EtcdStatus.NO_LEADER.status()));
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata metadata, ServerCallHandler<A, B> next) {
    if (!isRequired(metadata)) {
      return next.startCall(call, metadata);
    }
    if (!hasLeader.getAsBoolean()) {
      call.close(EtcdStatus.NO_LEADER.status(), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    if (call.getMethodDescriptor().getType().clientSendsOneMessage()
        && call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      return next.startCall(call, metadata);
    }
    EndableCall<A, B> stream = new EndableCall<>(call);
    ServerCall.Listener<A> listener = next.startCall(stream, metadata);
    streams.add(stream);
    if (!hasLeader.getAsBoolean()) {
      // The leader was lost meanwhile, perhaps before the stream could be found.
      stream.end(EtcdStatus.NO_LEADER.status());
    }
    return stream.listener(listener, () -> streams.remove(stream));
  }

  /** etcd looks at the first value only. */
  private static boolean isRequired(Metadata metadata) {
    Iterable<String> values = metadata.getAll(HAS_LEADER);
    if (values == null) {
      return false;
    }
    Iterator<String> first = values.iterator();
    return first.hasNext() && first.next().equals("true");
  }
}
