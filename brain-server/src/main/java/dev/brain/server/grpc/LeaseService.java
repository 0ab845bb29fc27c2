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
import dev.brain.server.lease.Lessor;
import dev.brain.server.mvcc.LeaseRecord;
import dev.brain.server.mvcc.Store;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.LongSupplier;

/** The Lease service. Its methods run on the event loop and never block it. */
public final class LeaseService extends LeaseGrpc.LeaseImplBase {
  private final Store store;
  private final Lessor lessor;
  private final ResponseHeaders headers;
  private final LongSupplier random;

  /**
   * Makes the service.
   *
   * @param random any numbers, from which lease ids are made; called by many threads
   */
  public LeaseService(Store store, Lessor lessor, ResponseHeaders headers, LongSupplier random) {
    this.store = store;
    this.lessor = lessor;
    this.headers = headers;
    this.random = random;
  }

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> observer) {
    if (request.getTTL() > Lessor.MAX_TTL_SECONDS) {
      observer.onError(EtcdStatus.LEASE_TTL_TOO_LARGE.exception());
      return;
    }
    long id = request.getID() == 0 ? newId() : request.getID();
    LeaseRecord lease = new LeaseRecord(id, lessor.granted(request.getTTL()));
    store.grantLease(
        lease,
        Reply.to(observer)
            .completion(
                revision ->
                    LeaseGrantResponse.newBuilder()
                        .setHeader(headers.at(revision))
                        .setID(lease.id())
                        .setTTL(lease.ttlSeconds())
                        .build()));
  }

  @Override
  public void leaseRevoke(
      LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> observer) {
    store.revokeLease(
        request.getID(),
        Reply.to(observer)
            .completion(
                revision ->
                    LeaseRevokeResponse.newBuilder().setHeader(headers.at(revision)).build()));
  }

  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> observer) {
    return new LeaseKeepAliveStream(
        lessor, headers, (ServerCallStreamObserver<LeaseKeepAliveResponse>) observer);
  }

  @Override
  public void leaseTimeToLive(
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
    Reply.to(observer).send(response.build());
  }

  @Override
  public void leaseLeases(
      LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> observer) {
    LeaseLeasesResponse.Builder response =
        LeaseLeasesResponse.newBuilder().setHeader(headers.now());
    for (long id : lessor.ids()) {
      response.addLeases(LeaseStatus.newBuilder().setID(id));
    }
    Reply.to(observer).send(response.build());
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
