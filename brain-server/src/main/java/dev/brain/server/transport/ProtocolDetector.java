// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a new connection speaks, by its first bytes, and hands it to gRPC or to HTTP/1.1.
 * Used by the event loop of its connection only.
 *
 * <p>Every HTTP/2 connection begins with {@code PRI * HTTP/2.0}, and no HTTP/1.1 request has a
 * method that begins with these letters. Looking at the bytes rather than at ALPN treats clients
 * that negotiate nothing like all others, and needs no second way for plaintext.
 *
 * <p>A connection that does not say within {@link PortSharing#HANDSHAKE_SECONDS} what it speaks is
 * closed.
 */
final class ProtocolDetector extends ByteToMessageDecoder {
  private static final byte[] HTTP_2 = "PRI ".getBytes(StandardCharsets.US_ASCII);

  private final GrpcHttp2ConnectionHandler grpc;
  private final HttpConnections http;
  private @Nullable Future<?> timeout;

  ProtocolDetector(GrpcHttp2ConnectionHandler grpc, HttpConnections http) {
    this.grpc = grpc;
    this.http = http;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    timeout =
        context
            .executor()
            .schedule(
                () -> {
                  ChannelFuture _ = context.close();
                },
                PortSharing.HANDSHAKE_SECONDS,
                TimeUnit.SECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    cancelTimeout();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    cancelTimeout();
    super.channelInactive(context);
  }

  private void cancelTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }

  /** Holds gRPC's own negotiation back until the protocol is known. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (!event.equals(InternalProtocolNegotiationEvent.getDefault())) {
      super.userEventTriggered(context, event);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
    int length = Math.min(bytes.readableBytes(), HTTP_2.length);
    for (int i = 0; i < length; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != HTTP_2[i]) {
        becomeHttp(context);
        return;
      }
    }
    if (length == HTTP_2.length) {
      becomeGrpc(context);
    }
  }

  private void becomeGrpc(ChannelHandlerContext context) {
    ChannelHandler negotiation = InternalProtocolNegotiators.grpcNegotiationHandler(grpc);
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addAfter(context.name(), null, negotiation);
    context.fireUserEventTriggered(
        InternalProtocolNegotiationEvent.withAttributes(
            InternalProtocolNegotiationEvent.getDefault(), attributes(context)));
    pipeline.remove(this);
  }

  private Attributes attributes(ChannelHandlerContext context) {
    Attributes.Builder attributes =
        Attributes.newBuilder()
            .set(StreamReset.KEY, new StreamReset(context.channel(), grpc))
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, context.channel().localAddress())
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, context.channel().remoteAddress());
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls != null) {
      SSLSession session = tls.engine().getSession();
      attributes.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, session);
    }
    return attributes.build();
  }

  /** Takes the connection away from gRPC, whose handlers all stand behind this one. */
  private void becomeHttp(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    grpc.notifyUnused();
    while (pipeline.last() != this) {
      pipeline.removeLast();
    }
    http.take(pipeline);
    pipeline.remove(this);
  }
}
