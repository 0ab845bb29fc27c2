// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import com.google.protobuf.ByteString;
import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.Txns;
import dev.brain.conformance.history.Event;
import dev.brain.conformance.history.KeyValue;
import dev.brain.conformance.history.Outcome;
import dev.brain.conformance.history.Outcome.Reason;
import dev.brain.conformance.history.Request;
import dev.brain.conformance.history.Result;
import dev.brain.conformance.history.Span;
import dev.brain.proto.etcdserverpb.CompactionResponse;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.Compare.CompareResult;
import dev.brain.proto.etcdserverpb.Compare.CompareTarget;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeResponse;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.ResponseOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.proto.mvccpb.Event.EventType;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the words of a history and etcd's messages. */
final class Wire {
  private Wire() {}

  /** The call that makes a request. */
  static Call<?, ?> call(Request request) {
    return switch (request) {
      case Request.Range range ->
          Requests.range(
              range.span().key(),
              range.span().end(),
              r ->
                  r.setRevision(range.revision())
                      .setLimit(range.limit())
                      .setSerializable(range.serializable()));
      case Request.Put put -> Requests.put(put.key(), put.value(), p -> p.setLease(put.lease()));
      case Request.Delete(Span span) -> Requests.delete(span.key(), span.end());
      case Request.Txn txn -> Requests.txn(txn(txn));
      case Request.Compact(long revision) -> Requests.compact(revision, false);
      case Request.Grant(long lease, long seconds) -> Requests.grant(lease, seconds);
      case Request.Revoke(long lease) -> Requests.revoke(lease);
      case Request.KeepAlive _ -> throw new IllegalArgumentException(request + " is a stream");
    };
  }

  private static TxnRequest.Builder txn(Request.Txn txn) {
    TxnRequest.Builder builder = TxnRequest.newBuilder();
    for (Request.Unchanged unchanged : txn.compares()) {
      builder.addCompare(
          Compare.newBuilder()
              .setKey(Requests.bytes(unchanged.key()))
              .setTarget(CompareTarget.MOD)
              .setResult(CompareResult.EQUAL)
              .setModRevision(unchanged.modRevision()));
    }
    txn.success().forEach(op -> builder.addSuccess(Txns.op(call(op))));
    txn.failure().forEach(op -> builder.addFailure(Txns.op(call(op))));
    return builder;
  }

  /** What came of it. An error that does not prove that nothing was done leaves that open. */
  static Outcome outcome(Answer answer) {
    return switch (answer.message()) {
      case RangeResponse range ->
          new Outcome.Answered(range.getHeader().getRevision(), rows(range));
      case PutResponse put -> done(put.getHeader().getRevision());
      case DeleteRangeResponse delete ->
          new Outcome.Answered(
              delete.getHeader().getRevision(), new Result.Deleted(delete.getDeleted()));
      case TxnResponse txn ->
          new Outcome.Answered(
              txn.getHeader().getRevision(),
              new Result.Branch(
                  txn.getSucceeded(), txn.getResponsesList().stream().map(Wire::result).toList()));
      case CompactionResponse compaction -> done(compaction.getHeader().getRevision());
      case LeaseGrantResponse grant -> done(grant.getHeader().getRevision());
      case LeaseRevokeResponse revoke -> done(revoke.getHeader().getRevision());
      case null -> error(answer);
      default -> throw new IllegalArgumentException(answer + " is not known");
    };
  }

  private static Outcome done(long revision) {
    return new Outcome.Answered(revision, new Result.Done());
  }

  private static Outcome error(Answer answer) {
    return switch (answer.code()) {
      case OUT_OF_RANGE ->
          new Outcome.Refused(
              answer.text().contains("compacted") ? Reason.COMPACTED : Reason.FUTURE);
      case NOT_FOUND -> new Outcome.Refused(Reason.NO_LEASE);
      case RESOURCE_EXHAUSTED, INVALID_ARGUMENT, FAILED_PRECONDITION ->
          new Outcome.Refused(Reason.OTHER);
      default -> new Outcome.Unknown();
    };
  }

  /** Whether a call has failed because nobody took it, so that the next will fail as soon. */
  static boolean unreachable(Answer answer) {
    return answer.code() == Status.Code.UNAVAILABLE;
  }

  private static Result result(ResponseOp op) {
    return switch (op.getResponseCase()) {
      case RESPONSE_RANGE -> rows(op.getResponseRange());
      case RESPONSE_PUT -> new Result.Done();
      case RESPONSE_DELETE_RANGE -> new Result.Deleted(op.getResponseDeleteRange().getDeleted());
      case RESPONSE_TXN, RESPONSE_NOT_SET ->
          throw new IllegalArgumentException(op + " is not known");
    };
  }

  private static Result.Rows rows(RangeResponse range) {
    List<KeyValue> rows = range.getKvsList().stream().map(Wire::keyValue).toList();
    return new Result.Rows(rows, range.getCount(), range.getMore());
  }

  /** An event. */
  static Event event(dev.brain.proto.mvccpb.Event event) {
    @Nullable KeyValue previous = event.hasPrevKv() ? keyValue(event.getPrevKv()) : null;
    return new Event(event.getType() == EventType.DELETE, keyValue(event.getKv()), previous);
  }

  private static KeyValue keyValue(dev.brain.proto.mvccpb.KeyValue row) {
    return new KeyValue(
        text(row.getKey()),
        text(row.getValue()),
        row.getCreateRevision(),
        row.getModRevision(),
        row.getVersion(),
        row.getLease());
  }

  private static String text(ByteString bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
