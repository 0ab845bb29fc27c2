// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.AuthDisableRequest;
import dev.brain.proto.etcdserverpb.AuthDisableResponse;
import dev.brain.proto.etcdserverpb.AuthEnableRequest;
import dev.brain.proto.etcdserverpb.AuthEnableResponse;
import dev.brain.proto.etcdserverpb.AuthGrpc;
import dev.brain.proto.etcdserverpb.AuthRoleAddRequest;
import dev.brain.proto.etcdserverpb.AuthRoleAddResponse;
import dev.brain.proto.etcdserverpb.AuthRoleDeleteRequest;
import dev.brain.proto.etcdserverpb.AuthRoleDeleteResponse;
import dev.brain.proto.etcdserverpb.AuthRoleGetRequest;
import dev.brain.proto.etcdserverpb.AuthRoleGetResponse;
import dev.brain.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import dev.brain.proto.etcdserverpb.AuthRoleGrantPermissionResponse;
import dev.brain.proto.etcdserverpb.AuthRoleListRequest;
import dev.brain.proto.etcdserverpb.AuthRoleListResponse;
import dev.brain.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import dev.brain.proto.etcdserverpb.AuthRoleRevokePermissionResponse;
import dev.brain.proto.etcdserverpb.AuthStatusRequest;
import dev.brain.proto.etcdserverpb.AuthStatusResponse;
import dev.brain.proto.etcdserverpb.AuthUserAddRequest;
import dev.brain.proto.etcdserverpb.AuthUserAddResponse;
import dev.brain.proto.etcdserverpb.AuthUserChangePasswordRequest;
import dev.brain.proto.etcdserverpb.AuthUserChangePasswordResponse;
import dev.brain.proto.etcdserverpb.AuthUserDeleteRequest;
import dev.brain.proto.etcdserverpb.AuthUserDeleteResponse;
import dev.brain.proto.etcdserverpb.AuthUserGetRequest;
import dev.brain.proto.etcdserverpb.AuthUserGetResponse;
import dev.brain.proto.etcdserverpb.AuthUserGrantRoleRequest;
import dev.brain.proto.etcdserverpb.AuthUserGrantRoleResponse;
import dev.brain.proto.etcdserverpb.AuthUserListRequest;
import dev.brain.proto.etcdserverpb.AuthUserListResponse;
import dev.brain.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import dev.brain.proto.etcdserverpb.AuthUserRevokeRoleResponse;
import dev.brain.proto.etcdserverpb.AuthenticateRequest;
import dev.brain.proto.etcdserverpb.AuthenticateResponse;
import io.grpc.stub.StreamObserver;

/**
 * The Auth service of a server without users and roles: it answers as an etcd on which none were
 * made, and refuses to make any.
 */
public final class AuthService extends AuthGrpc.AuthImplBase {
  /** The revision of an auth store in which nothing was changed. */
  private static final long AUTH_REVISION = 1;

  private final ResponseHeaders headers;

  /** Makes the service. */
  public AuthService(ResponseHeaders headers) {
    this.headers = headers;
  }

  @Override
  public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> observer) {
    Reply.to(observer)
        .send(
            AuthStatusResponse.newBuilder()
                .setHeader(headers.now())
                .setAuthRevision(AUTH_REVISION)
                .build());
  }

  @Override
  public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.ROOT_USER_MISSING);
  }

  @Override
  public void authDisable(
      AuthDisableRequest request, StreamObserver<AuthDisableResponse> observer) {
    Reply.to(observer).send(AuthDisableResponse.newBuilder().setHeader(headers.now()).build());
  }

  @Override
  public void authenticate(
      AuthenticateRequest request, StreamObserver<AuthenticateResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.AUTH_NOT_ENABLED);
  }

  /* ---------------- users ---------------- */

  @Override
  public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> observer) {
    Reply.to(observer)
        .refuse(request.getName().isEmpty() ? EtcdStatus.USER_EMPTY : EtcdStatus.AUTH_UNSUPPORTED);
  }

  @Override
  public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> observer) {
    Reply.to(observer).send(AuthUserListResponse.newBuilder().setHeader(headers.now()).build());
  }

  @Override
  public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.USER_NOT_FOUND);
  }

  @Override
  public void userDelete(
      AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.USER_NOT_FOUND);
  }

  @Override
  public void userChangePassword(
      AuthUserChangePasswordRequest request,
      StreamObserver<AuthUserChangePasswordResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.USER_NOT_FOUND);
  }

  @Override
  public void userGrantRole(
      AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.USER_NOT_FOUND);
  }

  @Override
  public void userRevokeRole(
      AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.USER_NOT_FOUND);
  }

  /* ---------------- roles ---------------- */

  @Override
  public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> observer) {
    Reply.to(observer)
        .refuse(request.getName().isEmpty() ? EtcdStatus.ROLE_EMPTY : EtcdStatus.AUTH_UNSUPPORTED);
  }

  @Override
  public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> observer) {
    Reply.to(observer).send(AuthRoleListResponse.newBuilder().setHeader(headers.now()).build());
  }

  @Override
  public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.ROLE_NOT_FOUND);
  }

  @Override
  public void roleDelete(
      AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.ROLE_NOT_FOUND);
  }

  @Override
  public void roleGrantPermission(
      AuthRoleGrantPermissionRequest request,
      StreamObserver<AuthRoleGrantPermissionResponse> observer) {
    Reply.to(observer)
        .refuse(request.hasPerm() ? EtcdStatus.ROLE_NOT_FOUND : EtcdStatus.PERMISSION_NOT_GIVEN);
  }

  @Override
  public void roleRevokePermission(
      AuthRoleRevokePermissionRequest request,
      StreamObserver<AuthRoleRevokePermissionResponse> observer) {
    Reply.to(observer).refuse(EtcdStatus.ROLE_NOT_FOUND);
  }
}
