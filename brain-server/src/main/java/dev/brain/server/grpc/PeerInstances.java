// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.peer.HelloRequest;
import dev.brain.proto.peer.PeerGrpc;
import dev.brain.server.cluster.Instances;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks peers who they are. */
public final class PeerInstances implements Instances {
  private static final int TIMEOUT_SECONDS = 2;

  private final Function<String, ManagedChannel> channels;

  /**
   * @param channels opens a channel to a peer URL, or throws IllegalArgumentException if nobody can
   *     be reached by such a one
   */
  public PeerInstances(Function<String, ManagedChannel> channels) {
    this.channels = channels;
  }

  @Override
  public OptionalLong at(String peerUrl) {
    ManagedChannel channel;
    try {
      channel = channels.apply(peerUrl);
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(
          PeerGrpc.newBlockingStub(channel)
              .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
              .hello(HelloRequest.getDefaultInstance())
              .getInstance());
    } catch (StatusRuntimeException e) {
      return OptionalLong.empty();
    } finally {
      channel.shutdownNow();
    }
  }
}
