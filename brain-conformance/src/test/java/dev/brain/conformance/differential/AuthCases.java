// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Requests;
import dev.brain.proto.etcdserverpb.AuthDisableRequest;
import dev.brain.proto.etcdserverpb.AuthEnableRequest;
import dev.brain.proto.etcdserverpb.AuthGrpc;
import dev.brain.proto.etcdserverpb.AuthRoleDeleteRequest;
import dev.brain.proto.etcdserverpb.AuthRoleGetRequest;
import dev.brain.proto.etcdserverpb.AuthRoleListRequest;
import dev.brain.proto.etcdserverpb.AuthStatusRequest;
import dev.brain.proto.etcdserverpb.AuthUserChangePasswordRequest;
import dev.brain.proto.etcdserverpb.AuthUserDeleteRequest;
import dev.brain.proto.etcdserverpb.AuthUserGetRequest;
import dev.brain.proto.etcdserverpb.AuthUserGrantRoleRequest;
import dev.brain.proto.etcdserverpb.AuthUserListRequest;
import dev.brain.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import dev.brain.proto.etcdserverpb.AuthenticateRequest;
import java.util.List;

/** Auth while it is disabled. */
final class AuthCases {
  private AuthCases() {}

  static List<Case> rows() {
    return List.of(
        Case.of(
            "AuthStatus",
            Call.of(AuthGrpc.getAuthStatusMethod(), AuthStatusRequest.getDefaultInstance())),
        Case.of(
            "AuthEnable without root",
            Call.of(AuthGrpc.getAuthEnableMethod(), AuthEnableRequest.getDefaultInstance())),
        Case.of(
            "AuthDisable",
            Call.of(AuthGrpc.getAuthDisableMethod(), AuthDisableRequest.getDefaultInstance())),
        Case.of(
            "Authenticate",
            Call.of(
                AuthGrpc.getAuthenticateMethod(),
                AuthenticateRequest.newBuilder().setName("root").setPassword("x").build())),
        Case.of(
            "Authenticate nobody",
            Call.of(AuthGrpc.getAuthenticateMethod(), AuthenticateRequest.getDefaultInstance())),
        Case.of(
            "UserList",
            Call.of(AuthGrpc.getUserListMethod(), AuthUserListRequest.getDefaultInstance())),
        Case.of(
            "RoleList",
            Call.of(AuthGrpc.getRoleListMethod(), AuthRoleListRequest.getDefaultInstance())),
        Case.of(
            "UserGet of nobody",
            Call.of(
                AuthGrpc.getUserGetMethod(),
                AuthUserGetRequest.newBuilder().setName("nobody").build())),
        Case.of(
            "RoleGet of none",
            Call.of(
                AuthGrpc.getRoleGetMethod(),
                AuthRoleGetRequest.newBuilder().setRole("none").build())),
        Case.of(
            "UserDelete of nobody",
            Call.of(
                AuthGrpc.getUserDeleteMethod(),
                AuthUserDeleteRequest.newBuilder().setName("nobody").build())),
        Case.of(
            "RoleDelete of none",
            Call.of(
                AuthGrpc.getRoleDeleteMethod(),
                AuthRoleDeleteRequest.newBuilder().setRole("none").build())),
        Case.of(
            "UserChangePassword of nobody",
            Call.of(
                AuthGrpc.getUserChangePasswordMethod(),
                AuthUserChangePasswordRequest.newBuilder()
                    .setName("nobody")
                    .setPassword("x")
                    .build())),
        Case.of(
            "UserGrantRole to nobody",
            Call.of(
                AuthGrpc.getUserGrantRoleMethod(),
                AuthUserGrantRoleRequest.newBuilder().setUser("nobody").setRole("none").build())),
        Case.of(
            "UserRevokeRole from nobody",
            Call.of(
                AuthGrpc.getUserRevokeRoleMethod(),
                AuthUserRevokeRoleRequest.newBuilder().setName("nobody").setRole("none").build())),
        Case.of("the revision does not move", Requests.all()));
  }
}
