// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Services whose work is done by whatever this node is now: a leader or a follower. Thread-safe.
 *
 * <p>A call is served to its end by the role that it began with; the role sees to it that it ends.
 */
public final class RoleServices {
  private final List<ServerServiceDefinition> definitions;
  private final Map<String, Slot<?, ?>> slots = new HashMap<>();

  /** One method. */
  private static final class Slot<Q, A> implements ServerCallHandler<Q, A> {
    private volatile @Nullable ServerCallHandler<Q, A> handler;

    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, A> call, Metadata headers) {
      ServerCallHandler<Q, A> now = handler;
      if (now == null) {
        call.close(EtcdStatus.LEADER_CHANGED.status(), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return now.startCall(call, headers);
    }

    /** The caller has checked that the method is the same. */
    @SuppressWarnings("unchecked")
    void set(ServerMethodDefinition<?, ?> method) {
      handler = (ServerCallHandler<Q, A>) method.getServerCallHandler();
    }

    void clear() {
      handler = null;
    }
  }

  /**
   * Services that nobody serves yet.
   *
   * @param shape services with the methods that every role has
   */
  public RoleServices(List<ServerServiceDefinition> shape) {
    this.definitions = shape.stream().map(this::switched).toList();
  }

  private ServerServiceDefinition switched(ServerServiceDefinition service) {
    ServerServiceDefinition.Builder builder =
        ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
    service.getMethods().forEach(method -> add(builder, method.getMethodDescriptor()));
    return builder.build();
  }

  private <Q, A> void add(
      ServerServiceDefinition.Builder builder, MethodDescriptor<Q, A> descriptor) {
    Slot<Q, A> slot = new Slot<>();
    slots.put(descriptor.getFullMethodName(), slot);
    builder.addMethod(descriptor, slot);
  }

  /** The services, to be served once and for all. */
  public List<ServerServiceDefinition> definitions() {
    return definitions;
  }

  /**
   * From now on calls are served by these; methods that are not among those of the shape are left
   * out.
   *
   * @throws IllegalArgumentException if a method of the shape is missing
   */
  public void install(List<ServerServiceDefinition> services) {
    Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    for (ServerServiceDefinition service : services) {
      for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
        methods.put(method.getMethodDescriptor().getFullMethodName(), method);
      }
    }
    slots.forEach(
        (name, slot) -> {
          ServerMethodDefinition<?, ?> method = methods.get(name);
          if (method == null) {
            throw new IllegalArgumentException(name + ": not served (expected: all of the shape)");
          }
          slot.set(method);
        });
  }

  /** From now on calls are refused, because this node does not lead. */
  public void refuse() {
    slots.values().forEach(Slot::clear);
  }
}
