// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Metapb;
import org.tikv.kvproto.PDGrpc;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.com.google.protobuf.ByteString;
import org.tikv.shade.com.google.protobuf.Message;
import org.tikv.shade.io.grpc.stub.StreamObserver;

/** PD as one front shows it: one member, which always leads. Thread-safe. */
final class PdService extends PDGrpc.PDImplBase {
  private static final Pdpb.ResponseHeader HEADER =
      Pdpb.ResponseHeader.newBuilder().setClusterId(Cluster.ID).build();
  private static final Pdpb.GetRegionResponse NO_REGION =
      Pdpb.GetRegionResponse.newBuilder().setHeader(HEADER).build();

  private final Cluster cluster;
  private final Delivery delivery;
  private final Addresses addresses;
  private final int front;

  PdService(Cluster cluster, Delivery delivery, Addresses addresses, int front) {
    this.cluster = cluster;
    this.delivery = delivery;
    this.addresses = addresses;
    this.front = front;
  }

  @Override
  public void getMembers(
      Pdpb.GetMembersRequest request, StreamObserver<Pdpb.GetMembersResponse> caller) {
    deliver("GetMembers", request, caller, this::members);
  }

  private Pdpb.GetMembersResponse members() {
    Pdpb.Member member =
        Pdpb.Member.newBuilder()
            .setMemberId(1)
            .setName("pd")
            .addClientUrls(addresses.pdUrl())
            .build();
    return Pdpb.GetMembersResponse.newBuilder()
        .setHeader(HEADER)
        .addMembers(member)
        .setLeader(member)
        .setEtcdLeader(member)
        .build();
  }

  @Override
  public StreamObserver<Pdpb.TsoRequest> tso(StreamObserver<Pdpb.TsoResponse> caller) {
    return new TimestampStream(
        Callers.patient(caller),
        (request, answers) ->
            deliver("Tso", request, answers, () -> timestamps(Math.max(1, request.getCount()))));
  }

  private Pdpb.TsoResponse timestamps(int count) {
    long last = cluster.oracle.next(count);
    return Pdpb.TsoResponse.newBuilder()
        .setHeader(HEADER)
        .setCount(count)
        .setTimestamp(
            Pdpb.Timestamp.newBuilder()
                .setPhysical(Timestamps.physical(last))
                .setLogical(Timestamps.logical(last)))
        .build();
  }

  @Override
  public void getRegion(
      Pdpb.GetRegionRequest request, StreamObserver<Pdpb.GetRegionResponse> caller) {
    ByteString key = KeyCodec.decode(request.getRegionKey());
    deliver("GetRegion", request, caller, () -> region(cluster.regions.of(key)));
  }

  @Override
  public void getPrevRegion(
      Pdpb.GetRegionRequest request, StreamObserver<Pdpb.GetRegionResponse> caller) {
    ByteString key = KeyCodec.decode(request.getRegionKey());
    deliver(
        "GetPrevRegion",
        request,
        caller,
        () -> region(cluster.regions.before(cluster.regions.of(key))));
  }

  @Override
  public void getRegionByID(
      Pdpb.GetRegionByIDRequest request, StreamObserver<Pdpb.GetRegionResponse> caller) {
    deliver(
        "GetRegionByID",
        request,
        caller,
        () -> region(cluster.regions.byId(request.getRegionId())));
  }

  private static Pdpb.GetRegionResponse region(@Nullable Region region) {
    return region == null
        ? NO_REGION
        : Pdpb.GetRegionResponse.newBuilder()
            .setHeader(HEADER)
            .setRegion(region.meta())
            .setLeader(region.leaderPeer())
            .build();
  }

  @Override
  public void scanRegions(
      Pdpb.ScanRegionsRequest request, StreamObserver<Pdpb.ScanRegionsResponse> caller) {
    deliver("ScanRegions", request, caller, () -> regions(request));
  }

  private Pdpb.ScanRegionsResponse regions(Pdpb.ScanRegionsRequest request) {
    ByteString end = KeyCodec.decode(request.getEndKey());
    int limit = request.getLimit() <= 0 ? Integer.MAX_VALUE : request.getLimit();
    var answer = Pdpb.ScanRegionsResponse.newBuilder().setHeader(HEADER);
    for (Region region : cluster.regions.from(KeyCodec.decode(request.getStartKey()))) {
      if (region.isFrom(end) || answer.getRegionsCount() == limit) {
        break;
      }
      answer
          .addRegionMetas(region.meta())
          .addLeaders(region.leaderPeer())
          .addRegions(
              Pdpb.Region.newBuilder().setRegion(region.meta()).setLeader(region.leaderPeer()));
    }
    return answer.build();
  }

  @Override
  public void getStore(Pdpb.GetStoreRequest request, StreamObserver<Pdpb.GetStoreResponse> caller) {
    deliver(
        "GetStore",
        request,
        caller,
        () ->
            Pdpb.GetStoreResponse.newBuilder()
                .setHeader(HEADER)
                .setStore(store((int) request.getStoreId()))
                .setStats(stats())
                .build());
  }

  /** Every store has a replica of every region; each counts as one MiB. */
  private Pdpb.StoreStats stats() {
    int regions = cluster.exclusively(() -> cluster.regions.all().size());
    return Pdpb.StoreStats.newBuilder()
        .setRegionCount(regions)
        .setUsedSize((long) regions << 20)
        .build();
  }

  @Override
  public void getAllStores(
      Pdpb.GetAllStoresRequest request, StreamObserver<Pdpb.GetAllStoresResponse> caller) {
    deliver(
        "GetAllStores",
        request,
        caller,
        () ->
            Pdpb.GetAllStoresResponse.newBuilder()
                .setHeader(HEADER)
                .addAllStores(
                    IntStream.rangeClosed(1, cluster.stores).mapToObj(this::store).toList())
                .build());
  }

  private Metapb.Store store(int id) {
    return Metapb.Store.newBuilder()
        .setId(id)
        .setAddress(addresses.store(id))
        .setVersion("8.5.0")
        .setState(Metapb.StoreState.Up)
        .build();
  }

  @Override
  public void updateServiceGCSafePoint(
      Pdpb.UpdateServiceGCSafePointRequest request,
      StreamObserver<Pdpb.UpdateServiceGCSafePointResponse> caller) {
    deliver("UpdateServiceGCSafePoint", request, caller, () -> claim(request));
  }

  private Pdpb.UpdateServiceGCSafePointResponse claim(
      Pdpb.UpdateServiceGCSafePointRequest request) {
    long earliest =
        cluster.safePoints.claim(
            request.getServiceId().toStringUtf8(),
            request.getSafePoint(),
            request.getTTL(),
            cluster.oracle.millis() / 1000);
    return Pdpb.UpdateServiceGCSafePointResponse.newBuilder()
        .setHeader(HEADER)
        .setServiceId(request.getServiceId())
        .setTTL(request.getTTL())
        .setMinSafePoint(earliest)
        .build();
  }

  @Override
  public void updateGCSafePoint(
      Pdpb.UpdateGCSafePointRequest request,
      StreamObserver<Pdpb.UpdateGCSafePointResponse> caller) {
    deliver("UpdateGCSafePoint", request, caller, () -> collect(request.getSafePoint()));
  }

  /**
   * At once; a real store learns of it within seconds and drops versions when it compacts files.
   */
  private Pdpb.UpdateGCSafePointResponse collect(long wanted) {
    long safePoint = cluster.safePoints.collect(wanted);
    cluster.rows.collect(safePoint);
    return Pdpb.UpdateGCSafePointResponse.newBuilder()
        .setHeader(HEADER)
        .setNewSafePoint(safePoint)
        .build();
  }

  @Override
  public void getGCSafePoint(
      Pdpb.GetGCSafePointRequest request, StreamObserver<Pdpb.GetGCSafePointResponse> caller) {
    deliver(
        "GetGCSafePoint",
        request,
        caller,
        () ->
            Pdpb.GetGCSafePointResponse.newBuilder()
                .setHeader(HEADER)
                .setSafePoint(cluster.safePoints.collected())
                .build());
  }

  private <A> void deliver(
      String method, Message request, StreamObserver<A> caller, Supplier<A> execution) {
    delivery.deliver(
        new Call(method, 0, front, request),
        Exchange.ofPd(() -> cluster.exclusively(execution)),
        caller instanceof TimestampStream.Answers<?> ? caller : Callers.patient(caller));
  }
}
