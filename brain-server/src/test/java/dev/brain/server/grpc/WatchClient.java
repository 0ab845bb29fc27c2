// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.WatchCancelRequest;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchProgressRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A watch stream whose answers are taken one by one; what is not taken is not read either. */
final class WatchClient implements AutoCloseable {
  private final ClientCall<WatchRequest, WatchResponse> call;
  private final BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  WatchClient(ManagedChannel channel) {
    call = channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(WatchResponse message) {
            responses.add(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
  }

  void create(WatchCreateRequest request) {
    call.sendMessage(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  /** Creates a watch and takes the answer, which says that it exists. */
  WatchResponse created(WatchCreateRequest request) throws InterruptedException {
    create(request);
    WatchResponse response = next();
    assertThat(response.getCreated()).isTrue();
    assertThat(response.getCanceled()).isFalse();
    return response;
  }

  void cancel(long id) {
    call.sendMessage(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
            .build());
  }

  void requestProgress() {
    call.sendMessage(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  void sendNothing() {
    call.sendMessage(WatchRequest.getDefaultInstance());
  }

  void halfClose() {
    call.halfClose();
  }

  /** The next answer. */
  WatchResponse next() throws InterruptedException {
    call.request(1);
    WatchResponse response = responses.poll(20, TimeUnit.SECONDS);
    if (response == null) {
      throw new AssertionError("no answer; the stream " + end.getNow(Status.OK));
    }
    return response;
  }

  Status end() {
    call.request(1000);
    return end.orTimeout(20, TimeUnit.SECONDS).join();
  }

  static WatchCreateRequest.Builder oneKey(String key) {
    return WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8(key));
  }

  /** All keys from one on. */
  static WatchCreateRequest.Builder allFrom(String key) {
    return oneKey(key).setRangeEnd(ByteString.copyFrom(new byte[1]));
  }

  @Override
  public void close() {
    call.cancel("done", null);
  }
}
