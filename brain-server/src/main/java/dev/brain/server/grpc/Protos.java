// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.brain.engine.KeyRange;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.etcdserverpb.ResponseOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.RevisionFilter;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns checked messages into the store's words and its answers into messages. Messages made here
 * share the arrays of keys and rows.
 */
public final class Protos {
  private static final ByteString FROM_KEY = ByteString.copyFrom(new byte[1]);

  private Protos() {}

  /* ---------------- wire to store ---------------- */

  /**
   * The keys that a pair of bounds means: without an end just the key, with an end of one zero byte
   * every key from there on.
   *
   * @param key not empty
   */
  public static KeyRange range(ByteString key, ByteString rangeEnd) {
    if (rangeEnd.isEmpty()) {
      return KeyRange.single(key.toByteArray());
    }
    return rangeEnd.equals(FROM_KEY)
        ? KeyRange.from(key.toByteArray())
        : new KeyRange(key.toByteArray(), rangeEnd.toByteArray());
  }

  static RangeQuery query(RangeRequest request) {
    boolean filtered =
        request.getMinModRevision() != 0
            || request.getMaxModRevision() != 0
            || request.getMinCreateRevision() != 0
            || request.getMaxCreateRevision() != 0;
    return new RangeQuery(
        range(request.getKey(), request.getRangeEnd()),
        request.getLimit(),
        request.getRevision(),
        order(request.getSortOrder()),
        target(request.getSortTarget()),
        request.getSerializable(),
        request.getKeysOnly(),
        request.getCountOnly(),
        filtered
            ? new RevisionFilter(
                request.getMinModRevision(),
                request.getMaxModRevision(),
                request.getMinCreateRevision(),
                request.getMaxCreateRevision())
            : RevisionFilter.NONE);
  }

  static Op.Put put(PutRequest request) {
    return new Op.Put(
        Key.of(request.getKey().toByteArray()),
        request.getValue().toByteArray(),
        request.getLease(),
        request.getPrevKv(),
        request.getIgnoreValue(),
        request.getIgnoreLease());
  }

  static Op.DeleteRange delete(DeleteRangeRequest request) {
    return new Op.DeleteRange(range(request.getKey(), request.getRangeEnd()), request.getPrevKv());
  }

  static Txn txn(TxnRequest request) {
    List<Compare> compares = new ArrayList<>(request.getCompareCount());
    for (dev.brain.proto.etcdserverpb.Compare compare : request.getCompareList()) {
      compares.add(compare(compare));
    }
    return new Txn(
        compares, operations(request.getSuccessList()), operations(request.getFailureList()));
  }

  private static List<Op> operations(List<RequestOp> requests) {
    List<Op> operations = new ArrayList<>(requests.size());
    for (RequestOp request : requests) {
      operations.add(
          switch (request.getRequestCase()) {
            case REQUEST_RANGE -> new Op.Range(query(request.getRequestRange()));
            case REQUEST_PUT -> put(request.getRequestPut());
            case REQUEST_DELETE_RANGE -> delete(request.getRequestDeleteRange());
            case REQUEST_TXN -> new Op.Nested(txn(request.getRequestTxn()));
            case REQUEST_NOT_SET ->
                throw new IllegalArgumentException("operation not set (expected: a checked txn)");
          });
    }
    return operations;
  }

  private static Compare compare(dev.brain.proto.etcdserverpb.Compare compare) {
    Compare.Relation relation =
        switch (compare.getResult()) {
          case EQUAL -> Compare.Relation.EQUAL;
          case GREATER -> Compare.Relation.GREATER;
          case LESS -> Compare.Relation.LESS;
          case NOT_EQUAL -> Compare.Relation.NOT_EQUAL;
          case UNRECOGNIZED -> Compare.Relation.ALWAYS;
        };
    // An operand of another kind than the target reads as 0 or empty, as it does in etcd.
    Compare.Operand operand =
        switch (compare.getTarget()) {
          case VERSION -> new Compare.Operand.Version(compare.getVersion());
          case CREATE -> new Compare.Operand.CreateRevision(compare.getCreateRevision());
          case MOD -> new Compare.Operand.ModRevision(compare.getModRevision());
          case VALUE -> new Compare.Operand.Value(compare.getValue().toByteArray());
          case LEASE -> new Compare.Operand.Lease(compare.getLease());
          case UNRECOGNIZED -> new Compare.Operand.Unknown();
        };
    return new Compare(range(compare.getKey(), compare.getRangeEnd()), relation, operand);
  }

  private static RangeQuery.Order order(RangeRequest.SortOrder order) {
    return switch (order) {
      case ASCEND -> RangeQuery.Order.ASCEND;
      case DESCEND -> RangeQuery.Order.DESCEND;
      case NONE, UNRECOGNIZED -> RangeQuery.Order.NONE;
    };
  }

  private static RangeQuery.Target target(RangeRequest.SortTarget target) {
    return switch (target) {
      case VERSION -> RangeQuery.Target.VERSION;
      case CREATE -> RangeQuery.Target.CREATE;
      case MOD -> RangeQuery.Target.MOD;
      case VALUE -> RangeQuery.Target.VALUE;
      case KEY, UNRECOGNIZED -> RangeQuery.Target.KEY;
    };
  }

  /* ---------------- store to wire ---------------- */

  /** A key and one of its live versions. */
  public static dev.brain.proto.mvccpb.KeyValue keyValue(KeyValue keyValue) {
    return keyValue(keyValue.key(), keyValue.row());
  }

  /** A key and one of its live versions. */
  public static dev.brain.proto.mvccpb.KeyValue keyValue(Key key, Row row) {
    dev.brain.proto.mvccpb.KeyValue.Builder builder =
        dev.brain.proto.mvccpb.KeyValue.newBuilder()
            .setKey(UnsafeByteOperations.unsafeWrap(key.bytes()))
            .setCreateRevision(row.createRevision())
            .setModRevision(row.modRevision())
            .setVersion(row.version())
            .setLease(row.lease());
    if (row.valueLength() > 0) {
      builder.setValue(
          UnsafeByteOperations.unsafeWrap(row.bytes(), row.valueOffset(), row.valueLength()));
    }
    return builder.build();
  }

  static PutResponse put(ResponseHeader header, OpResult.Put result) {
    PutResponse.Builder response = PutResponse.newBuilder().setHeader(header);
    KeyValue previous = result.previous();
    if (previous != null) {
      response.setPrevKv(keyValue(previous));
    }
    return response.build();
  }

  static DeleteRangeResponse delete(ResponseHeader header, OpResult.Delete result) {
    DeleteRangeResponse.Builder response =
        DeleteRangeResponse.newBuilder().setHeader(header).setDeleted(result.deleted());
    for (KeyValue previous : result.previous()) {
      response.addPrevKvs(keyValue(previous));
    }
    return response.build();
  }

  static TxnResponse txn(ResponseHeader header, TxnResult result) {
    return txn(header, result.succeeded(), result.results());
  }

  private static TxnResponse txn(ResponseHeader header, boolean succeeded, List<OpResult> results) {
    TxnResponse.Builder response =
        TxnResponse.newBuilder().setHeader(header).setSucceeded(succeeded);
    for (OpResult result : results) {
      response.addResponses(operation(result));
    }
    return response.build();
  }

  private static ResponseOp operation(OpResult result) {
    ResponseOp.Builder response = ResponseOp.newBuilder();
    switch (result) {
      case RangeResult range ->
          response.setResponseRange(range(ResponseHeaders.inner(range.revision()), range));
      case OpResult.Put put ->
          response.setResponsePut(put(ResponseHeaders.inner(put.revision()), put));
      case OpResult.Delete delete ->
          response.setResponseDeleteRange(delete(ResponseHeaders.inner(delete.revision()), delete));
      case OpResult.Nested nested ->
          response.setResponseTxn(
              txn(ResponseHeader.getDefaultInstance(), nested.succeeded(), nested.results()));
    }
    return response.build();
  }

  private static RangeResponse range(ResponseHeader header, RangeResult result) {
    RangeResponse.Builder response =
        RangeResponse.newBuilder()
            .setHeader(header)
            .setMore(result.more())
            .setCount(result.count());
    for (KeyValue keyValue : result.keyValues()) {
      response.addKvs(keyValue(keyValue));
    }
    return response.build();
  }
}
