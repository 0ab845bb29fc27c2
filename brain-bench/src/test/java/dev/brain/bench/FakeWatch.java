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
    return new Stream(answer);
  }

  /** The store calls its listeners one at a time, which makes the stream safe to use. */
  private final class Stream implements StreamObserver<WatchRequest> {
    private final StreamObserver<WatchResponse> answer;

    /** Guarded by the store. */
    private boolean ended;

    Stream(StreamObserver<WatchResponse> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(WatchRequest request) {
      synchronized (store) {
        WatchCreateRequest create = request.getCreateRequest();
        long watch = create.getWatchId();
        answer.onNext(WatchResponse.newBuilder().setWatchId(watch).setCreated(true).build());
        store.listen(
            event -> {
              if (!ended && isIn(create, event)) {
                answer.onNext(
                    WatchResponse.newBuilder().setWatchId(watch).addEvents(event).build());
              }
            });
      }
    }

    @Override
    public void onError(Throwable failure) {
      end();
    }

    @Override
    public void onCompleted() {
      end();
      answer.onCompleted();
    }

    private void end() {
      synchronized (store) {
        ended = true;
      }
    }
  }

  private static boolean isIn(WatchCreateRequest request, Event event) {
    ByteString key = event.getKv().getKey();
    return ORDER.compare(request.getKey(), key) <= 0
        && ORDER.compare(key, request.getRangeEnd()) < 0;
  }
}
