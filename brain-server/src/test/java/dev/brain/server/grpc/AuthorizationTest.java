// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.proto.etcdserverpb.AuthGrpc;
import dev.brain.proto.etcdserverpb.ClusterGrpc;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.peer.PeerGrpc;
import dev.brain.proto.v3electionpb.ElectionGrpc;
import dev.brain.proto.v3lockpb.LockGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuthorizationTest {

  @Test
  void of_everyMethodOfEveryService() {
    List<String> served =
        Stream.of(
                KVGrpc.getServiceDescriptor(),
                WatchGrpc.getServiceDescriptor(),
                LeaseGrpc.getServiceDescriptor(),
                ClusterGrpc.getServiceDescriptor(),
                MaintenanceGrpc.getServiceDescriptor(),
                AuthGrpc.getServiceDescriptor(),
                LockGrpc.getServiceDescriptor(),
                ElectionGrpc.getServiceDescriptor(),
                PeerGrpc.getServiceDescriptor(),
                HealthGrpc.getServiceDescriptor())
            .map(ServiceDescriptor::getMethods)
            .flatMap(methods -> methods.stream().map(MethodDescriptor::getFullMethodName))
            .toList();
    assertThat(served).hasSizeGreaterThan(45);
    assertThat(served).allSatisfy(name -> assertThat(Authorization.of(name)).isNotNull());
  }

  @Test
  void of_unlistedMethod() {
    assertThat(Authorization.of("etcdserverpb.KV/Erase")).isNull();
  }
}
