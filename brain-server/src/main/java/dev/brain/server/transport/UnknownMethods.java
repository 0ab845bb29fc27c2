// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import com.google.common.io.ByteStreams;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls of methods that are not served, with the texts of etcd's gRPC library: a newer
 * client falls back to older methods on seeing them. Thread-safe.
 */
final class UnknownMethods extends HandlerRegistry {
  private final Set<String> services;

  /**
   * @param services the full names of the services that are served
   */
  UnknownMethods(Set<String> services) {
    this.services = services;
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String fullName, @Nullable String authority) {
    String service = MethodDescriptor.extractFullServiceName(fullName);
    String method = MethodDescriptor.extractBareMethodName(fullName);
    if (service == null || method == null) {
      return null;
    }
    Status status =
        Status.UNIMPLEMENTED.withDescription(
            services.contains(service)
                ? "unknown method " + method + " for service " + service
                : "unknown service " + service);
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .setFullMethodName(fullName)
            .setRequestMarshaller(Bytes.MARSHALLER)
            .setResponseMarshaller(Bytes.MARSHALLER)
            .build();
    return ServerMethodDefinition.create(
        descriptor,
        (call, headers) -> {
          call.close(status, new Metadata());
          return new ServerCall.Listener<>() {};
        });
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteStreams.toByteArray(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
