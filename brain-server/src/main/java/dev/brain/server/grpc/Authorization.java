// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those methods be called that are listed here with what they need. A method that is
 * served but not listed is denied: adding one without deciding who may call it fails, in a test and
 * at run time.
 *
 * <p>There are no users yet, so everybody who gets through TLS may do everything. The table says
 * what will be asked for.
 */
public final class Authorization implements ServerInterceptor {

  /** What a method needs. */
  public enum Access {
    /** Nothing: it tells nothing of the data. */
    ANYONE,
    /** Permission on the keys that the request names, checked with the request at hand. */
    KEYS,
    /** Permission to write all keys of the lease that the request names. */
    LEASE,
    /** To be somebody, once there are users. */
    USER,
    /** The root role. */
    ADMIN,
    /** To be a member: served on the peer ports only. */
    PEER
  }

  private static final Map<String, Access> METHODS =
      Map.ofEntries(
          Map.entry("etcdserverpb.KV/Range", Access.KEYS),
          Map.entry("etcdserverpb.KV/RangeStream", Access.KEYS),
          Map.entry("etcdserverpb.KV/Put", Access.KEYS),
          Map.entry("etcdserverpb.KV/DeleteRange", Access.KEYS),
          Map.entry("etcdserverpb.KV/Txn", Access.KEYS),
          Map.entry("etcdserverpb.KV/Compact", Access.ADMIN),
          Map.entry("etcdserverpb.Watch/Watch", Access.KEYS),
          Map.entry("etcdserverpb.Lease/LeaseGrant", Access.USER),
          Map.entry("etcdserverpb.Lease/LeaseRevoke", Access.LEASE),
          Map.entry("etcdserverpb.Lease/LeaseKeepAlive", Access.LEASE),
          Map.entry("etcdserverpb.Lease/LeaseTimeToLive", Access.LEASE),
          Map.entry("etcdserverpb.Lease/LeaseLeases", Access.USER),
          Map.entry("etcdserverpb.Cluster/MemberAdd", Access.ADMIN),
          Map.entry("etcdserverpb.Cluster/MemberRemove", Access.ADMIN),
          Map.entry("etcdserverpb.Cluster/MemberUpdate", Access.ADMIN),
          Map.entry("etcdserverpb.Cluster/MemberList", Access.USER),
          Map.entry("etcdserverpb.Cluster/MemberPromote", Access.ADMIN),
          Map.entry("etcdserverpb.Maintenance/Alarm", Access.ADMIN),
          Map.entry("etcdserverpb.Maintenance/Status", Access.USER),
          Map.entry("etcdserverpb.Maintenance/Defragment", Access.ADMIN),
          Map.entry("etcdserverpb.Maintenance/Hash", Access.ADMIN),
          Map.entry("etcdserverpb.Maintenance/HashKV", Access.ADMIN),
          Map.entry("etcdserverpb.Maintenance/Snapshot", Access.ADMIN),
          Map.entry("etcdserverpb.Maintenance/MoveLeader", Access.ADMIN),
          Map.entry("etcdserverpb.Maintenance/Downgrade", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/AuthEnable", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/AuthDisable", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/AuthStatus", Access.ANYONE),
          Map.entry("etcdserverpb.Auth/Authenticate", Access.ANYONE),
          Map.entry("etcdserverpb.Auth/UserAdd", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/UserGet", Access.USER),
          Map.entry("etcdserverpb.Auth/UserList", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/UserDelete", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/UserChangePassword", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/UserGrantRole", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/UserRevokeRole", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/RoleAdd", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/RoleGet", Access.USER),
          Map.entry("etcdserverpb.Auth/RoleList", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/RoleDelete", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/RoleGrantPermission", Access.ADMIN),
          Map.entry("etcdserverpb.Auth/RoleRevokePermission", Access.ADMIN),
          Map.entry("v3lockpb.Lock/Lock", Access.KEYS),
          Map.entry("v3lockpb.Lock/Unlock", Access.KEYS),
          Map.entry("v3electionpb.Election/Campaign", Access.KEYS),
          Map.entry("v3electionpb.Election/Proclaim", Access.KEYS),
          Map.entry("v3electionpb.Election/Leader", Access.KEYS),
          Map.entry("v3electionpb.Election/Observe", Access.KEYS),
          Map.entry("v3electionpb.Election/Resign", Access.KEYS),
          Map.entry("dev.brain.peer.Peer/Hello", Access.PEER),
          Map.entry("dev.brain.peer.Peer/ReadIndex", Access.PEER),
          Map.entry("grpc.health.v1.Health/Check", Access.ANYONE),
          Map.entry("grpc.health.v1.Health/List", Access.ANYONE),
          Map.entry("grpc.health.v1.Health/Watch", Access.ANYONE));

  /** What a method needs; null if it is not listed. */
  static @Nullable Access of(String fullMethodName) {
    return METHODS.get(fullMethodName);
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata metadata, ServerCallHandler<A, B> next) {
    if (of(call.getMethodDescriptor().getFullMethodName()) == null) {
      call.close(EtcdStatus.NOT_AUTHORISED.status(), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return next.startCall(call, metadata);
  }
}
