// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Refuses messages that are too large with the text that etcd's clients know, and messages that
 * cannot be read with the status that their marshaller gives.
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

  /**
   * A marshaller that throws would end the call as a fault of the server, UNKNOWN, whatever it
   * throws. So it makes an object that stands for a message that is too large or cannot be read,
   * and the call is ended by who receives that.
   */
  private <Q, R> ServerMethodDefinition<Object, R> limit(ServerMethodDefinition<Q, R> method) {
    MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                new LimitedMarshaller<>(descriptor.getRequestMarshaller(), bytes),
                descriptor.getResponseMarshaller())
            .build(),
        new RefusingHandler<>(method.getServerCallHandler()));
  }

  /** Stands for a message after which the call ends with this status. */
  private record Refused(Status status) {}

  private record LimitedMarshaller<Q>(MethodDescriptor.Marshaller<Q> marshaller, int bytes)
      implements MethodDescriptor.Marshaller<Object> {
    @Override
    public InputStream stream(Object value) {
      throw new UnsupportedOperationException("a server does not send requests");
    }

    @Override
    public Object parse(InputStream stream) {
      int length = length(stream);
      if (length > bytes) {
        String text = "grpc: received message larger than max (" + length + " vs. " + bytes + ")";
        return new Refused(Status.RESOURCE_EXHAUSTED.withDescription(text));
      }
      try {
        return marshaller.parse(stream);
      } catch (StatusRuntimeException e) {
        return new Refused(e.getStatus());
      }
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

  private record RefusingHandler<Q, R>(ServerCallHandler<Q, R> handler)
      implements ServerCallHandler<Object, R> {
    @Override
    @SuppressWarnings("unchecked") // A server's call takes no requests, it only passes them on.
    public ServerCall.Listener<Object> startCall(ServerCall<Object, R> call, Metadata headers) {
      ServerCall<Q, R> received = (ServerCall<Q, R>) (ServerCall<?, R>) call;
      return new RefusingListener<>(handler.startCall(received, headers), call);
    }
  }

  /** Used by one thread at a time, as every listener. */
  private static final class RefusingListener<Q> extends ServerCall.Listener<Object> {
    private final ServerCall.Listener<Q> listener;
    private final ServerCall<?, ?> call;
    private boolean refused;

    private RefusingListener(ServerCall.Listener<Q> listener, ServerCall<?, ?> call) {
      this.listener = listener;
      this.call = call;
    }

    @Override
    @SuppressWarnings("unchecked") // What is not Refused was made by the method's own marshaller.
    public void onMessage(Object message) {
      if (refused) {
        return;
      }
      if (message instanceof Refused(Status status)) {
        refused = true;
        call.close(status, new Metadata());
      } else {
        listener.onMessage((Q) message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        listener.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      listener.onCancel();
    }

    @Override
    public void onComplete() {
      listener.onComplete();
    }

    @Override
    public void onReady() {
      listener.onReady();
    }
  }
}
