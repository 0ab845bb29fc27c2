// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.kvproto.Kvrpcpb.PrewriteRequest;
import org.tikv.kvproto.PDGrpc;
import org.tikv.kvproto.Pdpb;
import org.tikv.kvproto.TikvGrpc;
import org.tikv.shade.com.google.protobuf.ByteString;
import org.tikv.shade.io.grpc.ManagedChannel;
import org.tikv.shade.io.grpc.netty.NettyChannelBuilder;
import org.tikv.shade.io.grpc.stub.StreamObserver;

/** Speaks to the emulator over the wire, with nothing of a client's cleverness. Thread-safe. */
final class WireClient implements AutoCloseable {
  static final ByteString K = key("k");

  private final Front front;
  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  WireClient(Front front) {
    this.front = front;
  }

  static ByteString key(String text) {
    return ByteString.copyFromUtf8(text);
  }

  PDGrpc.PDBlockingStub pd() {
    return PDGrpc.newBlockingStub(channel(front.pdAddress()));
  }

  TikvGrpc.TikvBlockingStub store(int store) {
    return TikvGrpc.newBlockingStub(channel(front.storeAddress(store)));
  }

  /** The store that leads the key's region. */
  TikvGrpc.TikvBlockingStub leader(ByteString key) {
    return store((int) region(key).getLeader().getStoreId());
  }

  Pdpb.GetRegionResponse region(ByteString key) {
    return pd().getRegion(
            Pdpb.GetRegionRequest.newBuilder().setRegionKey(KeyCodec.encode(key)).build());
  }

  Context context(ByteString key) {
    Pdpb.GetRegionResponse region = region(key);
    return Context.newBuilder()
        .setRegionId(region.getRegion().getId())
        .setRegionEpoch(region.getRegion().getRegionEpoch())
        .setPeer(region.getLeader())
        .build();
  }

  long timestamp() {
    BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    StreamObserver<Pdpb.TsoRequest> stream =
        PDGrpc.newStub(channel(front.pdAddress()))
            .tso(
                new StreamObserver<>() {
                  @Override
                  public void onNext(Pdpb.TsoResponse answer) {
                    Pdpb.Timestamp last = answer.getTimestamp();
                    answers.add(
                        (last.getPhysical() << Timestamps.LOGICAL_BITS) + last.getLogical());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answers.add(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    stream.onNext(Pdpb.TsoRequest.newBuilder().setCount(1).build());
    try {
      Object answer = answers.take();
      stream.onCompleted();
      if (answer instanceof Long timestamp) {
        return timestamp;
      }
      throw (RuntimeException) answer;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Mutation.Builder mutation(Op op, ByteString key, String value) {
    return Mutation.newBuilder().setOp(op).setKey(key).setValue(ByteString.copyFromUtf8(value));
  }

  static Mutation put(ByteString key, String value) {
    return mutation(Op.Put, key, value).build();
  }

  /**
   * In two phases, with the first key as primary, and locks that others may break at once when time
   * has passed.
   */
  PrewriteRequest.Builder prewrite(long startTs, Mutation... mutations) {
    ByteString primary = mutations[0].getKey();
    return PrewriteRequest.newBuilder()
        .setContext(context(primary))
        .setPrimaryLock(primary)
        .setStartVersion(startTs)
        .setLockTtl(3000)
        .addAllMutations(List.of(mutations));
  }

  private ManagedChannel channel(String address) {
    return channels.computeIfAbsent(
        address, target -> NettyChannelBuilder.forTarget(target).usePlaintext().build());
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
