// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One stream of lease renewals. For one thread. */
public final class KeepAliveStream implements AutoCloseable {
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call;

  /** Opens the stream. */
  public KeepAliveStream(Channel channel) {
    this(channel, CallOptions.DEFAULT);
  }

  /** Opens a stream that ends by itself after a time. */
  public KeepAliveStream(Channel channel, Duration life) {
    this(channel, CallOptions.DEFAULT.withDeadlineAfter(life));
  }

  private KeepAliveStream(Channel channel, CallOptions options) {
    call = channel.newCall(LeaseGrpc.getLeaseKeepAliveMethod(), options);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(LeaseKeepAliveResponse message) {
            answers.add(Answer.of(message));
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            answers.add(Answer.of(status));
          }
        },
        new Metadata());
    call.request(Integer.MAX_VALUE);
  }

  /** Asks for the renewal of a lease. */
  public void send(long lease) {
    call.sendMessage(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
  }

  /** Says that no request will follow. */
  public void halfClose() {
    call.halfClose();
  }

  /** The next message, or the end of the stream. */
  public Answer next() {
    try {
      Answer answer = answers.poll(Client.SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IllegalStateException("no answer on the keep-alive stream");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    call.cancel("the test closes the stream", null);
  }
}
