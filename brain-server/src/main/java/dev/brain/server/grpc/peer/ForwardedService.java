// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import dev.brain.server.grpc.EtcdStatus;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.Optional;

/** A service that a node serves by handing every call on to the leader. */
public final class ForwardedService {
  private ForwardedService() {}

  /** All methods of a service, forwarded. */
  public static ServerServiceDefinition of(ServiceDescriptor service, LeaderLink leader) {
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service.getName());
    service.getMethods().forEach(method -> add(definition, method, leader));
    return definition.build();
  }

  private static <Q, A> void add(
      ServerServiceDefinition.Builder definition,
      MethodDescriptor<Q, A> method,
      LeaderLink leader) {
    definition.addMethod(method, handler(method, leader));
  }

  private static <Q, A> ServerCallHandler<Q, A> handler(
      MethodDescriptor<Q, A> method, LeaderLink leader) {
    return (client, headers) -> {
      Optional<ClientCall<Q, A>> call = leader.open(method);
      if (call.isEmpty()) {
        return refused(client);
      }
      ForwardedCall<Q, A> forwarded = new ForwardedCall<>(client, call.get());
      forwarded.start();
      return forwarded.requests();
    };
  }

  private static <Q, A> ServerCall.Listener<Q> refused(ServerCall<Q, A> client) {
    client.close(EtcdStatus.NO_LEADER.status(), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
