// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.wire.Endpoint;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.StatusRequest;
import dev.brain.proto.etcdserverpb.StatusResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server on a free port of the loopback that does as much of the API as the workloads need. */
public final class FakeServer implements AutoCloseable {
  private final FakeStore store = new FakeStore();
  private final FakeLease leases = new FakeLease(store);
  private final Server server;

  private FakeServer() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new FakeKv(store, leases))
            .addService(new FakeWatch(store))
            .addService(leases)
            .addService(new FakeMaintenance())
            .build()
            .start();
  }

  /** A server that answers everything. */
  public static FakeServer start() throws IOException {
    return new FakeServer();
  }

  /** What the server holds; can be told to misbehave. */
  public FakeStore store() {
    return store;
  }

  public Endpoint endpoint() {
    return new Endpoint(
        InetAddress.getLoopbackAddress().getHostAddress(), server.getPort(), /* tls= */ false);
  }

  @Override
  public void close() {
    server.shutdownNow();
    leases.close();
  }

  private static final class FakeMaintenance extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
      answer.onNext(StatusResponse.newBuilder().setVersion("3.6.0-fake").build());
      answer.onCompleted();
    }
  }
}
