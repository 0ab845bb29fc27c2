// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.server.watch.WatchHub;
import dev.brain.server.watch.WatchSession;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import java.util.Optional;
import java.util.function.LongFunction;

/** etcd's Watch service. Its streams end when the hub is closed. */
public final class WatchService implements BindableService {
  /** What etcd adds to the request limit for the size at which messages are split. */
  private static final int OVERHEAD_BYTES = 512 << 10;

  private static final MethodDescriptor<WatchRequest, WatchMessage> METHOD =
      WatchGrpc.getWatchMethod().toBuilder(
              WatchGrpc.getWatchMethod().getRequestMarshaller(),
              new EncodedMessageMarshaller<WatchMessage>())
          .build();

  private final WatchHub hub;
  private final LongFunction<ResponseHeader> headers;
  private final long fragmentBytes;

  /**
   * A service over a hub that has started.
   *
   * @param headers makes the header of an answer that carries a revision; 0 for none
   * @param maxRequestBytes the limit of a request, from which that of a fragment follows
   */
  public WatchService(WatchHub hub, LongFunction<ResponseHeader> headers, int maxRequestBytes) {
    this.hub = hub;
    this.headers = headers;
    this.fragmentBytes = (long) maxRequestBytes + OVERHEAD_BYTES;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(WatchGrpc.SERVICE_NAME)
        .addMethod(METHOD, this::open)
        .build();
  }

  private ServerCall.Listener<WatchRequest> open(
      ServerCall<WatchRequest, WatchMessage> call, Metadata requestHeaders) {
    WatchResponses responses = new WatchResponses(call, headers, fragmentBytes);
    call.sendHeaders(new Metadata());
    Optional<WatchSession> session = hub.open(responses);
    if (session.isEmpty()) {
      call.close(EtcdStatus.TOO_MANY_REQUESTS.status(), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    call.request(1);
    return new WatchStream(call, session.get(), responses);
  }
}
