// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.MessageLite;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.server.kv.Varints;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be said against a request without looking at the data, in the order in which etcd looks.
 * Each check returns null if there is nothing to say.
 */
final class Requests {
  /**
   * What etcd's raft log adds to a proposal besides the tag and length of the request: a header
   * with an id of ten bytes. Clients meet the limit exactly there.
   */
  private static final int PROPOSAL_HEADER_BYTES = 14;

  private final ServiceLimits limits;

  Requests(ServiceLimits limits) {
    this.limits = limits;
  }

  /** Checks a range, alone or in a transaction. */
  @Nullable EtcdStatus check(RangeRequest request) {
    if (request.getKey().isEmpty()) {
      return EtcdStatus.KEY_NOT_PROVIDED;
    }
    if (request.getSortOrder() == RangeRequest.SortOrder.UNRECOGNIZED
        || request.getSortTarget() == RangeRequest.SortTarget.UNRECOGNIZED) {
      return EtcdStatus.INVALID_SORT_OPTION;
    }
    return null;
  }

  /** Checks a streamed range. */
  @Nullable EtcdStatus checkStream(RangeRequest request) {
    EtcdStatus fault = check(request);
    if (fault != null) {
      return fault;
    }
    boolean keyAscending =
        request.getSortTarget() == RangeRequest.SortTarget.KEY
            && request.getSortOrder() == RangeRequest.SortOrder.ASCEND;
    if (request.getSortOrder() != RangeRequest.SortOrder.NONE && !keyAscending) {
      return EtcdStatus.STREAM_SORT_UNSUPPORTED;
    }
    if (request.getMinModRevision() != 0
        || request.getMaxModRevision() != 0
        || request.getMinCreateRevision() != 0
        || request.getMaxCreateRevision() != 0) {
      return EtcdStatus.STREAM_FILTER_UNSUPPORTED;
    }
    return null;
  }

  /** Checks a put that is a request of its own. */
  @Nullable EtcdStatus check(PutRequest request) {
    EtcdStatus fault = checkOperation(request);
    return fault == null ? checkSize(request) : fault;
  }

  /** Checks a delete that is a request of its own. */
  @Nullable EtcdStatus check(DeleteRangeRequest request) {
    return request.getKey().isEmpty() ? EtcdStatus.KEY_NOT_PROVIDED : checkSize(request);
  }

  /**
   * Checks a transaction, all its levels and branches. The size is checked by {@link #checkSize},
   * because it does not matter for transactions that only read.
   */
  @Nullable EtcdStatus check(TxnRequest request) {
    EtcdStatus fault = checkTxn(request, limits.maxTxnOperations());
    if (fault != null) {
      return fault;
    }
    return TouchedKeys.collide(request.getSuccessList())
            || TouchedKeys.collide(request.getFailureList())
        ? EtcdStatus.DUPLICATE_KEY
        : null;
  }

  /** Checks the size of a request that etcd would propose to its raft group. */
  @Nullable EtcdStatus checkSize(MessageLite request) {
    long size = request.getSerializedSize();
    return size + 1 + Varints.size(size) + PROPOSAL_HEADER_BYTES > limits.maxRequestBytes()
        ? EtcdStatus.REQUEST_TOO_LARGE
        : null;
  }

  private @Nullable EtcdStatus checkOperation(PutRequest request) {
    if (request.getKey().isEmpty()) {
      return EtcdStatus.KEY_NOT_PROVIDED;
    }
    if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
      return EtcdStatus.VALUE_PROVIDED;
    }
    if (request.getIgnoreLease() && request.getLease() != 0) {
      return EtcdStatus.LEASE_PROVIDED;
    }
    return null;
  }

  // Recursion ends: each level leaves less to the levels below, as every level that has one below
  // it holds at least one operation.
  private @Nullable EtcdStatus checkTxn(TxnRequest request, int allowed) {
    int operations =
        Math.max(
            request.getCompareCount(),
            Math.max(request.getSuccessCount(), request.getFailureCount()));
    if (operations > allowed) {
      return EtcdStatus.TOO_MANY_OPERATIONS;
    }
    for (Compare compare : request.getCompareList()) {
      if (compare.getKey().isEmpty()) {
        return EtcdStatus.KEY_NOT_PROVIDED;
      }
    }
    EtcdStatus fault = checkOperations(request.getSuccessList(), allowed - operations);
    return fault == null ? checkOperations(request.getFailureList(), allowed - operations) : fault;
  }

  private @Nullable EtcdStatus checkOperations(List<RequestOp> operations, int allowedBelow) {
    for (RequestOp operation : operations) {
      EtcdStatus fault =
          switch (operation.getRequestCase()) {
            case REQUEST_RANGE -> check(operation.getRequestRange());
            case REQUEST_PUT -> checkOperation(operation.getRequestPut());
            case REQUEST_DELETE_RANGE ->
                operation.getRequestDeleteRange().getKey().isEmpty()
                    ? EtcdStatus.KEY_NOT_PROVIDED
                    : null;
            case REQUEST_TXN -> checkTxn(operation.getRequestTxn(), allowedBelow);
            case REQUEST_NOT_SET -> EtcdStatus.KEY_NOT_FOUND;
          };
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }
}
