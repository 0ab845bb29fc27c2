// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Refuses messages that are too large with the text that etcd's clients know.
 *
 * <p>grpc-java's own limit has a text of its own. It is set to {@link #hardBytes()}, and bounds the
 * memory that one message can take; between the two a message is received and then refused here,
 * before it is parsed. Clients of etcd do not send more than that: their own limit is etcd's.
 *
 * @param bytes the largest message that is accepted
 */
record MessageLimit(int bytes) {

  /** The size above which grpc-java stops receiving. */
  int hardBytes() {
    return (int) Math.min(2L * bytes, Integer.MAX_VALUE);
  }

  /** The service, refusing messages that are too large. */
  ServerServiceDefinition limit(ServerServiceDefinition service) {
    ServiceDescriptor described = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(described.getName())
            .setSchemaDescriptor(described.getSchemaDescriptor());
    var limited = service.getMethods().stream().map(this::limit).toList();
    limited.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder result = ServerServiceDefinition.builder(descriptor.build());
    limited.forEach(result::addMethod);
    return result.build();
  }

  private <Q, R> ServerMethodDefinition<Q, R> limit(ServerMethodDefinition<Q, R> method) {
    MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
    MethodDescriptor.Marshaller<Q> marshaller = descriptor.getRequestMarshaller();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(limited(marshaller), descriptor.getResponseMarshaller()).build(),
        method.getServerCallHandler());
  }

  private <Q> MethodDescriptor.Marshaller<Q> limited(MethodDescriptor.Marshaller<Q> marshaller) {
    return new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(Q value) {
        return marshaller.stream(value);
      }

      @Override
      public Q parse(InputStream stream) {
        int length = length(stream);
        if (length > bytes) {
          throw Status.RESOURCE_EXHAUSTED
              .withDescription(
                  "grpc: received message larger than max (" + length + " vs. " + bytes + ")")
              .asRuntimeException();
        }
        return marshaller.parse(stream);
      }
    };
  }

  /** The length of a message; 0 if it was compressed, for which grpc-java's limit stands. */
  private static int length(InputStream stream) {
    try {
      return stream instanceof KnownLength ? stream.available() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
