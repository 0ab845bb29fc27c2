// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Connects to servers, for commands that are clients. */
public final class ClientChannels {
  private static final Pattern ENDPOINT = Pattern.compile("(?:(https?)://)?([^/,\\s]+:[0-9]+)/?");

  private ClientChannels() {}

  /**
   * The files of a client's TLS.
   *
   * @param authorities PEM file with who signs servers' certificates; null for those the JDK trusts
   * @param certificates PEM file with the client's own certificate; null for none
   * @param key PEM file with its private key; null for none
   */
  public record Files(
      @Nullable Path authorities, @Nullable Path certificates, @Nullable Path key) {}

  /**
   * Opens a channel; connecting happens with the first call.
   *
   * @param endpoint {@code HOST:PORT}, {@code http://HOST:PORT} or {@code https://HOST:PORT};
   *     without a scheme TLS is spoken if there are files for it
   * @return a channel that the caller must shut down
   * @throws TlsException if a file cannot be used
   * @throws IllegalArgumentException if the endpoint is something else; the message is what was
   *     expected
   */
  public static ManagedChannel open(String endpoint, Files files) throws TlsException {
    Matcher parts = ENDPOINT.matcher(endpoint);
    if (!parts.matches()) {
      throw new IllegalArgumentException("one HOST:PORT, http://HOST:PORT or https://HOST:PORT");
    }
    String scheme = parts.group(1);
    boolean tls =
        scheme == null
            ? files.authorities() != null || files.certificates() != null
            : scheme.equals("https");
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget("dns:///" + parts.group(2))
            .maxInboundMessageSize(Integer.MAX_VALUE);
    if (tls) {
      builder.sslContext(context(files));
    } else {
      builder.usePlaintext();
    }
    return builder.build();
  }

  private static SslContext context(Files files) throws TlsException {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
    if (files.authorities() != null) {
      builder.trustManager(
          TlsFiles.certificates(files.authorities()).toArray(X509Certificate[]::new));
    }
    if (files.certificates() != null && files.key() != null) {
      builder.keyManager(
          TlsFiles.key(files.key()),
          TlsFiles.certificates(files.certificates()).toArray(X509Certificate[]::new));
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new TlsException("TLS cannot be set up: " + e.getMessage());
    }
  }
}
