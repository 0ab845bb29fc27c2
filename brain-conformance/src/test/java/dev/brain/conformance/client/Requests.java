// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.CompactionResponse;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseLeasesRequest;
import dev.brain.proto.etcdserverpb.LeaseLeasesResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeResponse;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveRequest;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveResponse;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Short ways to say requests. A string stands for bytes, one character (up to 255) each. */
public final class Requests {
  private Requests() {}

  /** Bytes of one character each. */
  public static ByteString bytes(String text) {
    return ByteString.copyFrom(text, StandardCharsets.ISO_8859_1);
  }

  /** Reads one key. */
  public static Call<RangeRequest, RangeResponse> range(String key) {
    return range(key, "", r -> r);
  }

  /** Reads {@code [key, end)}, changed by {@code with}. */
  public static Call<RangeRequest, RangeResponse> range(
      String key, String end, UnaryOperator<RangeRequest.Builder> with) {
    RangeRequest.Builder request =
        RangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
    return Call.of(KVGrpc.getRangeMethod(), with.apply(request).build());
  }

  /** Reads everything. */
  public static Call<RangeRequest, RangeResponse> all() {
    return range("\0", "\0", r -> r);
  }

  /** Writes a key. */
  public static Call<PutRequest, PutResponse> put(String key, String value) {
    return put(key, value, p -> p);
  }

  /** Writes a key, changed by {@code with}. */
  public static Call<PutRequest, PutResponse> put(
      String key, String value, UnaryOperator<PutRequest.Builder> with) {
    PutRequest.Builder request = PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    return Call.of(KVGrpc.getPutMethod(), with.apply(request).build());
  }

  /** Deletes {@code [key, end)}, or one key when {@code end} is empty. */
  public static Call<DeleteRangeRequest, DeleteRangeResponse> delete(String key, String end) {
    return delete(key, end, d -> d);
  }

  /** Deletes, changed by {@code with}. */
  public static Call<DeleteRangeRequest, DeleteRangeResponse> delete(
      String key, String end, UnaryOperator<DeleteRangeRequest.Builder> with) {
    DeleteRangeRequest.Builder request =
        DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
    return Call.of(KVGrpc.getDeleteRangeMethod(), with.apply(request).build());
  }

  /** Runs a txn. */
  public static Call<TxnRequest, TxnResponse> txn(TxnRequest.Builder request) {
    return Call.of(KVGrpc.getTxnMethod(), request.build());
  }

  /** Compacts. */
  public static Call<CompactionRequest, CompactionResponse> compact(
      long revision, boolean physical) {
    return Call.of(
        KVGrpc.getCompactMethod(),
        CompactionRequest.newBuilder().setRevision(revision).setPhysical(physical).build());
  }

  /** Grants a lease of {@code ttl} seconds. */
  public static Call<LeaseGrantRequest, LeaseGrantResponse> grant(long id, long ttl) {
    return Call.of(
        LeaseGrpc.getLeaseGrantMethod(),
        LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl).build());
  }

  /** Revokes a lease. */
  public static Call<LeaseRevokeRequest, LeaseRevokeResponse> revoke(long id) {
    return Call.of(
        LeaseGrpc.getLeaseRevokeMethod(), LeaseRevokeRequest.newBuilder().setID(id).build());
  }

  /** Asks how long a lease lives, and for its keys. */
  public static Call<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse> timeToLive(
      long id, boolean keys) {
    return Call.of(
        LeaseGrpc.getLeaseTimeToLiveMethod(),
        LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(keys).build());
  }

  /** Lists the leases. */
  public static Call<LeaseLeasesRequest, LeaseLeasesResponse> leases() {
    return Call.of(LeaseGrpc.getLeaseLeasesMethod(), LeaseLeasesRequest.getDefaultInstance());
  }
}
