// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.ByteString;
import dev.brain.engine.KeyRange;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchCreateRequest.FilterType;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.server.watch.WatchSession;
import dev.brain.server.watch.WatchSpec;
import io.grpc.ServerCall;

/**
 * The asking side of a watch stream. The transport calls it one thing at a time; requests are
 * handled in the executor of the session, in order.
 */
final class WatchStream extends ServerCall.Listener<WatchRequest> {
  /*
   * One request at a time is taken from the transport, and none while the client does not read the
   * answers. So a client cannot make answers pile up; its own sending is held up instead.
   *
   * That a client has said its last word (half-close) does not end its watches.
   */

  private static final byte[] FIRST_KEY = {0};

  private final ServerCall<WatchRequest, WatchMessage> call;
  private final WatchSession session;
  private final WatchResponses responses;

  /** Whether the next request is taken only when the client reads again; of the executor. */
  private boolean heldUp;

  WatchStream(
      ServerCall<WatchRequest, WatchMessage> call, WatchSession session, WatchResponses responses) {
    this.call = call;
    this.session = session;
    this.responses = responses;
  }

  @Override
  public void onMessage(WatchRequest request) {
    session.execute(
        () -> {
          handle(request);
          if (responses.isReady()) {
            call.request(1);
          } else {
            heldUp = true;
          }
        });
  }

  @Override
  public void onReady() {
    session.execute(
        () -> {
          session.ready();
          if (heldUp) {
            heldUp = false;
            call.request(1);
          }
        });
  }

  @Override
  public void onCancel() {
    session.execute(session::close);
  }

  @Override
  public void onComplete() {
    session.execute(session::close);
  }

  private void handle(WatchRequest request) {
    switch (request.getRequestUnionCase()) {
      case CREATE_REQUEST -> responses.created(session.create(spec(request.getCreateRequest())));
      case CANCEL_REQUEST -> {
        long id = request.getCancelRequest().getWatchId();
        if (session.cancel(id)) {
          responses.canceled(id, session.revision());
        }
      }
      case PROGRESS_REQUEST -> session.requestProgress();
      case REQUESTUNION_NOT_SET -> {}
    }
  }

  private static WatchSpec spec(WatchCreateRequest request) {
    return new WatchSpec(
        request.getWatchId(),
        range(request.getKey(), request.getRangeEnd()),
        request.getStartRevision(),
        !request.getFiltersList().contains(FilterType.NOPUT),
        !request.getFiltersList().contains(FilterType.NODELETE),
        request.getPrevKv(),
        request.getFragment(),
        request.getProgressNotify());
  }

  private static KeyRange range(ByteString key, ByteString rangeEnd) {
    byte[] start = key.isEmpty() ? FIRST_KEY : key.toByteArray();
    if (rangeEnd.isEmpty()) {
      return KeyRange.single(start);
    }
    if (rangeEnd.size() == 1 && rangeEnd.byteAt(0) == 0) {
      return KeyRange.from(start);
    }
    return new KeyRange(start, rangeEnd.toByteArray());
  }
}
