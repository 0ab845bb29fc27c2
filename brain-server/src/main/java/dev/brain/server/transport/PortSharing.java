// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets gRPC and HTTP/1.1 share a port, as etcd's clients expect it: what gRPC asks when a
 * connection is new. Thread-safe.
 *
 * <pre>
 *   plaintext:  ConnectionLimit -> ProtocolDetector -> gRPC | HTTP/1.1
 *   TLS:        ConnectionLimit -> SslHandler, TlsGate -> ProtocolDetector -> gRPC | HTTP/1.1
 * </pre>
 */
final class PortSharing implements InternalProtocolNegotiator.ProtocolNegotiator {
  /** How long a client may take to say what it speaks, and again for the TLS handshake before. */
  static final int HANDSHAKE_SECONDS = 10;

  private static final Logger log = LoggerFactory.getLogger(PortSharing.class);

  private final @Nullable ReloadingTls tls;
  private final ConnectionLimit connections;
  private final HttpConnections http;

  /**
   * @param tls what to encrypt with, or null for plaintext
   * @param connections bounds the connections
   * @param http takes the connections that are not gRPC
   */
  PortSharing(@Nullable ReloadingTls tls, ConnectionLimit connections, HttpConnections http) {
    this.tls = tls;
    this.connections = connections;
    this.http = http;
  }

  @Override
  public AsciiString scheme() {
    return AsciiString.cached(tls == null ? "http" : "https");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    ProtocolDetector detector = new ProtocolDetector(grpc, http);
    return connections.guard(tls == null ? detector : new TlsGate(tls, detector));
  }

  @Override
  public void close() {}

  /** Lets nobody pass before the TLS handshake has succeeded. */
  private static final class TlsGate extends ChannelInboundHandlerAdapter {
    private final ReloadingTls tls;
    private final ProtocolDetector detector;

    private TlsGate(ReloadingTls tls, ProtocolDetector detector) {
      this.tls = tls;
      this.detector = detector;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      SslHandler handler = tls.context().newHandler(context.alloc());
      handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
      context.pipeline().addBefore(context.name(), null, handler);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (event.equals(InternalProtocolNegotiationEvent.getDefault())) {
        return;
      }
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          context.pipeline().replace(this, null, detector);
        } else {
          log.debug(
              "TLS handshake with {} failed: {}",
              context.channel().remoteAddress(),
              handshake.cause().toString());
          ChannelFuture _ = context.close();
        }
        return;
      }
      super.userEventTriggered(context, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      ChannelFuture _ = context.close();
    }
  }
}
