// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static io.grpc.Status.Code.DATA_LOSS;
import static io.grpc.Status.Code.FAILED_PRECONDITION;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.grpc.Status.Code.OUT_OF_RANGE;
import static io.grpc.Status.Code.PERMISSION_DENIED;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNAVAILABLE;
import static io.grpc.Status.Code.UNIMPLEMENTED;
import static io.grpc.Status.Code.UNKNOWN;

import dev.brain.server.kv.Failure;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Every refusal that clients know, with etcd's code and exact text. Clients compare both: a text
 * that differs by a letter becomes an unknown error to them.
 */
public enum EtcdStatus {
  KEY_NOT_PROVIDED(INVALID_ARGUMENT, "etcdserver: key is not provided"),
  KEY_NOT_FOUND(INVALID_ARGUMENT, "etcdserver: key not found"),
  VALUE_PROVIDED(INVALID_ARGUMENT, "etcdserver: value is provided"),
  LEASE_PROVIDED(INVALID_ARGUMENT, "etcdserver: lease is provided"),
  TOO_MANY_OPERATIONS(INVALID_ARGUMENT, "etcdserver: too many operations in txn request"),
  DUPLICATE_KEY(INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"),
  INVALID_SORT_OPTION(INVALID_ARGUMENT, "etcdserver: invalid sort option"),
  COMPACTED(OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"),
  FUTURE_REVISION(OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision"),
  NO_SPACE(RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"),
  REQUEST_TOO_LARGE(INVALID_ARGUMENT, "etcdserver: request is too large"),
  TOO_MANY_REQUESTS(RESOURCE_EXHAUSTED, "etcdserver: too many requests"),
  RESPONSE_TOO_LARGE(
      RESOURCE_EXHAUSTED, "grpc: trying to send message larger than max (2147483647)"),
  STREAM_SORT_UNSUPPORTED(UNIMPLEMENTED, "RangeStream does not support custom sort orders"),
  STREAM_FILTER_UNSUPPORTED(UNIMPLEMENTED, "RangeStream does not support revision filters"),

  LEASE_NOT_FOUND(NOT_FOUND, "etcdserver: requested lease not found"),
  LEASE_EXISTS(FAILED_PRECONDITION, "etcdserver: lease already exists"),
  LEASE_TTL_TOO_LARGE(OUT_OF_RANGE, "etcdserver: too large lease TTL"),

  NO_LEADER(UNAVAILABLE, "etcdserver: no leader"),
  LEADER_CHANGED(UNAVAILABLE, "etcdserver: leader changed"),
  STOPPED(UNAVAILABLE, "etcdserver: server stopped"),
  TIMED_OUT(UNAVAILABLE, "etcdserver: request timed out"),
  UNHEALTHY(UNAVAILABLE, "etcdserver: unhealthy cluster"),
  CORRUPT(DATA_LOSS, "etcdserver: corrupt cluster"),

  NOT_LEADER(FAILED_PRECONDITION, "etcdserver: not leader"),
  BAD_LEADER_TRANSFEREE(FAILED_PRECONDITION, "etcdserver: bad leader transferee"),
  NOT_CAPABLE(FAILED_PRECONDITION, "etcdserver: not capable"),
  MEMBER_NOT_FOUND(NOT_FOUND, "etcdserver: member not found"),
  PEER_URL_EXISTS(FAILED_PRECONDITION, "etcdserver: Peer URLs already exists"),
  MEMBER_BAD_URLS(INVALID_ARGUMENT, "etcdserver: given member URLs are invalid"),
  MEMBER_NOT_LEARNER(FAILED_PRECONDITION, "etcdserver: can only promote a learner member"),
  NOT_ENOUGH_MEMBERS(
      FAILED_PRECONDITION, "etcdserver: re-configuration failed due to not enough started members"),

  DOWNGRADE_BAD_VERSION(INVALID_ARGUMENT, "etcdserver: wrong downgrade target version format"),
  DOWNGRADE_INVALID_TARGET(INVALID_ARGUMENT, "etcdserver: invalid downgrade target version"),
  DOWNGRADE_NOT_IN_PROGRESS(FAILED_PRECONDITION, "etcdserver: no inflight downgrade job"),

  UNKNOWN_ACTION(UNKNOWN, "etcdserver: unknown method"),

  ROOT_USER_MISSING(FAILED_PRECONDITION, "etcdserver: root user does not exist"),
  USER_EMPTY(INVALID_ARGUMENT, "etcdserver: user name is empty"),
  USER_NOT_FOUND(FAILED_PRECONDITION, "etcdserver: user name not found"),
  ROLE_EMPTY(INVALID_ARGUMENT, "etcdserver: role name is empty"),
  ROLE_NOT_FOUND(FAILED_PRECONDITION, "etcdserver: role name not found"),
  AUTH_NOT_ENABLED(FAILED_PRECONDITION, "etcdserver: authentication is not enabled"),
  PERMISSION_NOT_GIVEN(INVALID_ARGUMENT, "etcdserver: permission not given"),
  AUTH_UNSUPPORTED(
      FAILED_PRECONDITION,
      "etcdserver: users and roles are not supported by this server, use TLS client certificates"),
  NOT_AUTHORISED(PERMISSION_DENIED, "etcdserver: permission denied"),

  ELECTION_NOT_LEADER(UNKNOWN, "election: not leader"),
  ELECTION_NO_LEADER(UNKNOWN, "election: no leader"),
  SESSION_EXPIRED(UNKNOWN, "mutex: session is expired"),
  ELECTION_LEADER_MISSING(UNKNOWN, "\"leader\" field must be provided");

  private final Status.Code code;
  private final String text;

  EtcdStatus(Status.Code code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The code and the text. */
  public Status status() {
    return code.toStatus().withDescription(text);
  }

  /** The text alone, as it appears inside a watch's cancel reason. */
  public String text() {
    return text;
  }

  /** A throwable that carries this to the client; without a stack trace. */
  public StatusRuntimeException exception() {
    return new EtcdException(status());
  }

  /**
   * What the client is told of a failure of the store. A write whose outcome is unknown is told
   * with a code that promises nothing.
   */
  public static EtcdStatus of(Failure failure) {
    return switch (failure) {
      case Failure.Compacted ignored -> COMPACTED;
      case Failure.FutureRevision ignored -> FUTURE_REVISION;
      case Failure.KeyNotFound ignored -> KEY_NOT_FOUND;
      case Failure.LeaseNotFound ignored -> LEASE_NOT_FOUND;
      case Failure.LeaseExists ignored -> LEASE_EXISTS;
      case Failure.NoSpace ignored -> NO_SPACE;
      case Failure.Corrupt ignored -> CORRUPT;
      case Failure.TooManyRequests ignored -> TOO_MANY_REQUESTS;
      case Failure.OutcomeUnknown ignored -> TIMED_OUT;
      case Failure.LeaderChanged ignored -> LEADER_CHANGED;
      case Failure.Stopped ignored -> STOPPED;
      case Failure.Unreadable ignored -> UNHEALTHY;
    };
  }
}
