// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.server.lease.Lessor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.BooleanSupplier;

/** One client's keep-alives: each is answered before the next one is taken from the transport. */
final class LeaseKeepAliveStream implements StreamObserver<LeaseKeepAliveRequest> {
  /*
   * One request is on its way at a time, so that answers come in the order of requests, though one
   * of them may have to wait for a revocation, and a client that reads no answers is not read from.
   *
   * Invariants, under the lock:
   *  1. At most one of busy and owed holds. If neither does, a request was asked of the transport.
   *  2. The stream is ended once: when the client has ended its side and this is not busy, or instead of
   *     an answer when this node does not lead any more. It stays busy then.
   */

  private final Lessor lessor;
  private final ResponseHeaders headers;
  private final BooleanSupplier leads;
  private final ServerCallStreamObserver<LeaseKeepAliveResponse> client;

  /** A request was taken and is not answered. */
  @GuardedBy("this")
  private boolean busy;

  /** The next request was not asked for yet, because the transport was not ready for answers. */
  @GuardedBy("this")
  private boolean owed;

  @GuardedBy("this")
  private boolean halfClosed;

  LeaseKeepAliveStream(
      Lessor lessor,
      ResponseHeaders headers,
      BooleanSupplier leads,
      ServerCallStreamObserver<LeaseKeepAliveResponse> client) {
    this.lessor = lessor;
    this.headers = headers;
    this.leads = leads;
    this.client = client;
    client.disableAutoRequest();
    client.setOnCancelHandler(() -> {});
    client.setOnReadyHandler(this::onReady);
    client.request(1);
  }

  @Override
  public void onNext(LeaseKeepAliveRequest request) {
    synchronized (this) {
      busy = true;
    }
    // Taken before the renewal: an event that the lease's end causes has a higher revision.
    ResponseHeader header = headers.now();
    lessor.keepAlive(
        request.getID(),
        ttlSeconds ->
            answer(
                LeaseKeepAliveResponse.newBuilder()
                    .setHeader(header)
                    .setID(request.getID())
                    .setTTL(ttlSeconds)
                    .build()));
  }

  @Override
  public void onError(Throwable fault) {
    // The client has gone away; an answer that still comes is dropped by the transport.
  }

  @Override
  public void onCompleted() {
    synchronized (this) {
      halfClosed = true;
      if (busy) {
        return;
      }
    }
    client.onCompleted();
  }

  private void answer(LeaseKeepAliveResponse response) {
    if (!leads.getAsBoolean()) {
      client.onError(EtcdStatus.LEADER_CHANGED.exception());
      return;
    }
    client.onNext(response);
    boolean ended;
    boolean ready = client.isReady();
    synchronized (this) {
      busy = false;
      ended = halfClosed;
      owed = !ready;
    }
    if (ended) {
      client.onCompleted();
    } else if (ready) {
      client.request(1);
    } else if (client.isReady()) {
      onReady();
    }
  }

  private void onReady() {
    synchronized (this) {
      if (!owed) {
        return;
      }
      owed = false;
    }
    client.request(1);
  }
}
