// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import com.google.protobuf.BytesValue;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** A unary call of any method with any bytes, headers and compression: what no stub would send. */
public final class RawCall {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final String method;
  private final byte[] request;
  private final Metadata headers = new Metadata();
  private CallOptions options = CallOptions.DEFAULT;

  /** A call of {@code package.Service/Method}. The bytes are not copied. */
  public RawCall(String method, byte[] request) {
    this.method = method;
    this.request = request;
  }

  /** Adds a header. */
  public RawCall header(String name, String value) {
    headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return this;
  }

  /** Compresses the request with gzip. */
  public RawCall gzip() {
    options = options.withCompression("gzip");
    return this;
  }

  /** The answer; its message is a {@link BytesValue}. */
  public Answer send(Client client) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.newBuilder(BYTES, BYTES)
            .setFullMethodName(method)
            .setType(MethodDescriptor.MethodType.UNARY)
            .build();
    Channel channel =
        ClientInterceptors.intercept(
            client.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    try {
      byte[] answer =
          ClientCalls.blockingUnaryCall(
              channel,
              descriptor,
              options.withDeadlineAfter(Client.SECONDS, TimeUnit.SECONDS),
              request);
      return Answer.of(BytesValue.of(UnsafeByteOperations.unsafeWrap(answer)));
    } catch (StatusRuntimeException e) {
      return Answer.of(Status.fromThrowable(e));
    }
  }
}
