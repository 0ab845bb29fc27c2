// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.peer.HelloRequest;
import dev.brain.proto.peer.HelloResponse;
import dev.brain.proto.peer.PeerGrpc;
import dev.brain.server.cluster.RegisteredMember;
import io.grpc.stub.StreamObserver;

/** What members ask each other. */
public final class PeerService extends PeerGrpc.PeerImplBase {
  private final HelloResponse self;

  /** Makes the service of a process. */
  public PeerService(RegisteredMember self) {
    this.self =
        HelloResponse.newBuilder()
            .setMemberId(self.member().id())
            .setInstance(self.instance())
            .build();
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> observer) {
    Reply.to(observer).send(self);
  }
}
