// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that can be ended from outside, while its service uses it.
 *
 * <p>Calls are not thread-safe, so whatever sends goes through a lock. After the end the service
 * may go on: what it sends is dropped, the call counts as cancelled, and the service is told so
 * when the client has got the end, or is gone. No other lock is taken under this one but gRPC's
 * own, which hands what is sent to the event loop and calls nobody back.
 */
final class EndableCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private boolean closed;

  private volatile boolean ended;

  EndableCall(ServerCall<Q, R> call) {
    super(call);
  }

  /** Ends the call, if its service has not. On any thread. */
  void end(Status status) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      ended = true;
      try {
        delegate().close(status, new Metadata());
      } catch (IllegalStateException e) {
        // The port has closed it before: it refuses messages that never come here.
      }
    }
  }

  /** The listener of the service, which is told of an end as of the client's going. */
  ServerCall.Listener<Q> listener(ServerCall.Listener<Q> service, Runnable over) {
    return new SimpleForwardingServerCallListener<>(service) {
      @Override
      public void onComplete() {
        over.run();
        if (ended) {
          super.onCancel();
        } else {
          super.onComplete();
        }
      }

      @Override
      public void onCancel() {
        over.run();
        super.onCancel();
      }
    };
  }

  @Override
  public void sendHeaders(Metadata headers) {
    synchronized (lock) {
      if (!ended) {
        super.sendHeaders(headers);
      }
    }
  }

  @Override
  public void sendMessage(R message) {
    synchronized (lock) {
      if (!ended) {
        super.sendMessage(message);
      }
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    synchronized (lock) {
      if (!ended) {
        closed = true;
        super.close(status, trailers);
      }
    }
  }

  @Override
  public boolean isReady() {
    synchronized (lock) {
      return !ended && super.isReady();
    }
  }

  @Override
  public boolean isCancelled() {
    return ended || super.isCancelled();
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    synchronized (lock) {
      super.setMessageCompression(enabled);
    }
  }

  @Override
  public void setCompression(String compressor) {
    synchronized (lock) {
      super.setCompression(compressor);
    }
  }
}
