// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;

/** Watches from the present revision, one per stream. */
final class FakeWatch extends WatchGrpc.WatchImplBase {
  private static final Comparator<ByteString> ORDER =
      ByteString.unsignedLexicographicalComparator();

  private final FakeStore store;

  FakeWatch(FakeStore store) {
    this.store = store;
  }

  @Override
  public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(WatchRequest request) {
        create(request.getCreateRequest(), answer);
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  /** The store calls its listeners one at a time, which makes the stream safe to use. */
  private void create(WatchCreateRequest request, StreamObserver<WatchResponse> answer) {
    synchronized (store) {
      answer.onNext(WatchResponse.newBuilder().setCreated(true).build());
      store.listen(
          event -> {
            if (isIn(request, event)) {
              answer.onNext(WatchResponse.newBuilder().addEvents(event).build());
            }
          });
    }
  }

  private static boolean isIn(WatchCreateRequest request, Event event) {
    ByteString key = event.getKv().getKey();
    return ORDER.compare(request.getKey(), key) <= 0
        && ORDER.compare(key, request.getRangeEnd()) < 0;
  }
}
