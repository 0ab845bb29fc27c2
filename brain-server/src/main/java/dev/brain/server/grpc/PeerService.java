// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.peer.HelloRequest;
import dev.brain.proto.peer.HelloResponse;
import dev.brain.proto.peer.PeerGrpc;
import dev.brain.proto.peer.ReadIndexRequest;
import dev.brain.proto.peer.ReadIndexResponse;
import dev.brain.server.cluster.RegisteredMember;
import dev.brain.server.kv.FailureException;
import io.grpc.stub.StreamObserver;

/** What members ask each other. Never blocks. */
public final class PeerService extends PeerGrpc.PeerImplBase {
  /** What this node tells as leader. */
  public interface Leadership {
    /**
     * The watermark. It was proved that this node leads after the watermark was taken.
     *
     * @throws FailureException LeaderChanged if it does not
     */
    ReadIndexResponse readIndex() throws FailureException;
  }

  private final HelloResponse self;
  private final Leadership leadership;

  /** Makes the service of a process. */
  public PeerService(RegisteredMember self, Leadership leadership) {
    this.self =
        HelloResponse.newBuilder()
            .setMemberId(self.member().id())
            .setInstance(self.instance())
            .build();
    this.leadership = leadership;
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> observer) {
    Reply.to(observer).send(self);
  }

  @Override
  public void readIndex(ReadIndexRequest request, StreamObserver<ReadIndexResponse> observer) {
    Reply<ReadIndexResponse> reply = Reply.to(observer);
    try {
      reply.send(leadership.readIndex());
    } catch (FailureException e) {
      reply.refuse(EtcdStatus.of(e.failure()));
    }
  }
}
