// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import dev.brain.proto.etcdserverpb.LeaseLeasesRequest;
import dev.brain.proto.etcdserverpb.LeaseLeasesResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeResponse;
import dev.brain.proto.etcdserverpb.LeaseStatus;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveRequest;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveResponse;
import dev.brain.server.kv.Completion;
import dev.brain.server.lease.Lessor;
import dev.brain.server.mvcc.LeaseRecord;
import dev.brain.server.mvcc.Store;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The Lease service. Its methods run on the event loop and never block it. */
public final class LeaseService implements BindableService {
  private final Store store;
  private final Lessor lessor;
  private final ResponseHeaders headers;
  private final LongSupplier random;
  private final WriteAdmission writes;
  private final BooleanSupplier leads;

  /**
   * Makes the service.
   *
   * @param random any numbers, from which lease ids are made; called by many threads
   * @param leads whether this node surely leads at the moment of the call; asked after a lease was
   *     renewed or looked at, since a leader that is deposed knows nothing of what became of it
   */
  public LeaseService(
      Store store,
      Lessor lessor,
      ResponseHeaders headers,
      LongSupplier random,
      WriteAdmission writes,
      BooleanSupplier leads) {
    this.store = store;
    this.lessor = lessor;
    this.headers = headers;
    this.random = random;
    this.writes = writes;
    this.leads = leads;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(LeaseGrpc.SERVICE_NAME)
        .addMethod(LeaseGrpc.getLeaseGrantMethod(), CallerCalls.unary(this::grant))
        .addMethod(LeaseGrpc.getLeaseRevokeMethod(), CallerCalls.unary(this::revoke))
        .addMethod(
            LeaseGrpc.getLeaseKeepAliveMethod(),
            ServerCalls.asyncBidiStreamingCall(this::keepAlive))
        .addMethod(
            LeaseGrpc.getLeaseTimeToLiveMethod(), ServerCalls.asyncUnaryCall(this::timeToLive))
        .addMethod(LeaseGrpc.getLeaseLeasesMethod(), ServerCalls.asyncUnaryCall(this::leases))
        .build();
  }

  private void grant(
      LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> observer, Caller caller) {
    if (request.getTTL() > Lessor.MAX_TTL_SECONDS) {
      observer.onError(EtcdStatus.LEASE_TTL_TOO_LARGE.exception());
      return;
    }
    long id = request.getID() == 0 ? newId() : request.getID();
    LeaseRecord lease = new LeaseRecord(id, lessor.granted(request.getTTL()));
    Completion<Long> answer =
        Reply.to(observer)
            .completion(
                revision ->
                    LeaseGrantResponse.newBuilder()
                        .setHeader(headers.at(revision))
                        .setID(lease.id())
                        .setTTL(lease.ttlSeconds())
                        .build());
    writes.run(caller.connection(), answer, admitted -> store.grantLease(lease, admitted));
  }

  private void revoke(
      LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> observer, Caller caller) {
    Completion<Long> answer =
        Reply.to(observer)
            .completion(
                revision ->
                    LeaseRevokeResponse.newBuilder().setHeader(headers.at(revision)).build());
    writes.run(
        caller.connection(), answer, admitted -> store.revokeLease(request.getID(), admitted));
  }

  private StreamObserver<LeaseKeepAliveRequest> keepAlive(
      StreamObserver<LeaseKeepAliveResponse> observer) {
    return new LeaseKeepAliveStream(
        lessor, headers, leads, (ServerCallStreamObserver<LeaseKeepAliveResponse>) observer);
  }

  private void timeToLive(
      LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> observer) {
    LeaseTimeToLiveResponse.Builder response =
        LeaseTimeToLiveResponse.newBuilder()
            .setHeader(headers.now())
            .setID(request.getID())
            .setTTL(-1);
    lessor
        .status(request.getID())
        .ifPresent(
            status -> {
              response.setTTL(status.remainingSeconds());
              response.setGrantedTTL(status.grantedTtlSeconds());
              if (request.getKeys()) {
                store
                    .leaseKeys(request.getID())
                    .forEach(key -> response.addKeys(UnsafeByteOperations.unsafeWrap(key.bytes())));
              }
            });
    reply(observer, response.build());
  }

  private <T> void reply(StreamObserver<T> observer, T response) {
    if (leads.getAsBoolean()) {
      Reply.to(observer).send(response);
    } else {
      Reply.to(observer).refuse(EtcdStatus.LEADER_CHANGED);
    }
  }

  private void leases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> observer) {
    LeaseLeasesResponse.Builder response =
        LeaseLeasesResponse.newBuilder().setHeader(headers.now());
    for (long id : lessor.ids()) {
      response.addLeases(LeaseStatus.newBuilder().setID(id));
    }
    reply(observer, response.build());
  }

  /** A positive number; 0 would mean that nobody has chosen one. */
  private long newId() {
    long id;
    do {
      id = random.getAsLong() & Long.MAX_VALUE;
    } while (id == 0);
    return id;
  }
}
