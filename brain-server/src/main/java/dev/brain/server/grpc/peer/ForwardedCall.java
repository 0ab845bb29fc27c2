// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that is handed on to the leader, message by message in both directions.
 *
 * @param <Q> the requests
 * @param <A> the answers
 */
final class ForwardedCall<Q, A> {
  /*
   * Each direction takes the next message only when the other side is ready for it, so that a slow
   * reader holds the writer up, over all hops, and at most one message waits here.
   *
   * The requests run on the client's connection, the answers on the leader's. Each side of a call may be
   * used by one thread at a time only. The server's side is used by the answers, but for one thing: asking
   * for more requests, which both may cause, under the lock. The same holds for the other side.
   *
   * Invariant: a direction is paused, and nothing is asked for, or exactly one message is asked for.
   */

  private final ServerCall<Q, A> client;
  private final ClientCall<Q, A> leader;

  @GuardedBy("this")
  private boolean requestsPaused;

  @GuardedBy("this")
  private boolean answersPaused;

  ForwardedCall(ServerCall<Q, A> client, ClientCall<Q, A> leader) {
    this.client = client;
    this.leader = leader;
  }

  void start() {
    leader.start(new Answers(), new Metadata());
    leader.request(1);
    client.request(1);
  }

  ServerCall.Listener<Q> requests() {
    return new Requests();
  }

  private final class Requests extends ServerCall.Listener<Q> {
    @Override
    public void onMessage(Q request) {
      leader.sendMessage(request);
      synchronized (ForwardedCall.this) {
        if (leader.isReady()) {
          client.request(1);
        } else {
          requestsPaused = true;
        }
      }
    }

    @Override
    public void onHalfClose() {
      leader.halfClose();
    }

    @Override
    public void onCancel() {
      leader.cancel("the client has cancelled the call", null);
    }

    @Override
    public void onReady() {
      synchronized (ForwardedCall.this) {
        if (answersPaused) {
          answersPaused = false;
          leader.request(1);
        }
      }
    }
  }

  private final class Answers extends ClientCall.Listener<A> {
    private boolean headersSent;

    @Override
    public void onHeaders(Metadata headers) {
      sendHeaders();
    }

    @Override
    public void onMessage(A answer) {
      sendHeaders();
      client.sendMessage(answer);
      synchronized (ForwardedCall.this) {
        if (client.isReady()) {
          leader.request(1);
        } else {
          answersPaused = true;
        }
      }
    }

    private void sendHeaders() {
      if (!headersSent) {
        headersSent = true;
        client.sendHeaders(new Metadata());
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      client.close(LeaderLink.told(status), new Metadata());
    }

    @Override
    public void onReady() {
      synchronized (ForwardedCall.this) {
        if (requestsPaused) {
          requestsPaused = false;
          client.request(1);
        }
      }
    }
  }
}
