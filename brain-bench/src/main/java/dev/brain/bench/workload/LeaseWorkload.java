// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Each client grants a lease, keeps it alive a few times on its own stream, and revokes it. */
final class LeaseWorkload implements Workload {
  private static final int GRANT = 0;
  private static final int KEEP_ALIVE = 1;
  private static final int REVOKE = 2;
  private static final int KEEP_ALIVES_PER_LEASE = 8;

  /** So long that no lease ends during a run, so short that what a run leaves is soon gone. */
  private static final long TTL_SECONDS = 120;

  private final Scene scene;
  private final List<Holder> holders;

  LeaseWorkload(Scene scene) {
    this.scene = scene;
    this.holders = Stream.generate(Holder::new).limit(scene.clients()).toList();
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("grant"), Series.of("keepalive"), Series.of("revoke"));
  }

  @Override
  public void prepare(EventSink events) {}

  @Override
  public void start(int client, long index, Completion completion) {
    Holder holder = holders.get(client);
    if (holder.lease == 0) {
      holder.grant(client, completion);
    } else if (holder.kept < KEEP_ALIVES_PER_LEASE) {
      holder.keepAlive(client, completion);
    } else {
      holder.revoke(client, completion);
    }
  }

  @Override
  public void close() {
    holders.forEach(Holder::close);
  }

  /** A client with its lease and its stream; a failure makes it begin with a new lease. */
  private final class Holder implements StreamObserver<LeaseKeepAliveResponse> {
    private long lease;
    private int kept;
    private @Nullable StreamObserver<LeaseKeepAliveRequest> requests;

    /** Of the keepalive under way. */
    private @Nullable Completion pending;

    void grant(int client, Completion completion) {
      Call.start(
          scene.connections().of(client),
          LeaseGrpc.getLeaseGrantMethod(),
          LeaseGrantRequest.newBuilder().setTTL(TTL_SECONDS).build(),
          completion,
          answer -> {
            lease = answer.getID();
            kept = 0;
            completion.succeeded(GRANT, 1);
          });
    }

    synchronized void keepAlive(int client, Completion completion) {
      if (requests == null) {
        requests =
            ClientCalls.asyncBidiStreamingCall(
                scene
                    .connections()
                    .of(client)
                    .newCall(LeaseGrpc.getLeaseKeepAliveMethod(), CallOptions.DEFAULT),
                this);
      }
      pending = completion;
      requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
    }

    void revoke(int client, Completion completion) {
      long revoked = lease;
      lease = 0;
      Call.start(
          scene.connections().of(client),
          LeaseGrpc.getLeaseRevokeMethod(),
          LeaseRevokeRequest.newBuilder().setID(revoked).build(),
          completion,
          answer -> completion.succeeded(REVOKE, 1));
    }

    @Override
    public void onNext(LeaseKeepAliveResponse response) {
      Completion completion = takePending();
      if (completion == null) {
        return;
      }
      if (response.getTTL() > 0) {
        kept++;
        completion.succeeded(KEEP_ALIVE, 1);
      } else {
        lease = 0;
        completion.failed("a lease is gone that was not revoked");
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended(Call.error(failure));
    }

    @Override
    public void onCompleted() {
      ended("the stream was ended by the server");
    }

    private void ended(String reason) {
      Completion completion;
      synchronized (this) {
        requests = null;
        lease = 0;
        completion = pending;
        pending = null;
      }
      if (completion != null) {
        completion.failed(reason);
      }
    }

    private synchronized @Nullable Completion takePending() {
      Completion completion = pending;
      pending = null;
      return completion;
    }

    synchronized void close() {
      if (requests != null) {
        requests.onCompleted();
      }
    }
  }
}
