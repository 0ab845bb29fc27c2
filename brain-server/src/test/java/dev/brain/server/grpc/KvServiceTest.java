// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static dev.brain.server.grpc.WireRequests.bytes;
import static dev.brain.server.grpc.WireRequests.delete;
import static dev.brain.server.grpc.WireRequests.get;
import static dev.brain.server.grpc.WireRequests.list;
import static dev.brain.server.grpc.WireRequests.op;
import static dev.brain.server.grpc.WireRequests.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RangeStreamResponse;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvServiceTest {
  @TempDir private Path directory;
  private ServerFixture server;

  @BeforeEach
  void open() throws IOException {
    server = new ServerFixture(directory);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /* ---------------- put, range, delete ---------------- */

  @Test
  void header_ofEveryAnswer() {
    ResponseHeader fresh = server.kv.range(get("a")).getHeader();
    assertThat(fresh.getRevision()).isEqualTo(1);
    assertThat(fresh.getClusterId()).isEqualTo(server.store.clusterId()).isNotZero();
    assertThat(fresh.getMemberId()).isEqualTo(server.store.memberId()).isNotZero();
    assertThat(fresh.getRaftTerm()).isEqualTo(server.store.epoch()).isPositive();
    assertThat(server.kv.put(put("a", "1")).getHeader().getRevision()).isEqualTo(2);
    assertThat(server.kv.deleteRange(delete("b", "")).getHeader().getRevision()).isEqualTo(2);
    assertThat(server.kv.deleteRange(delete("a", "")).getHeader().getRevision()).isEqualTo(3);
    assertThat(server.kv.txn(TxnRequest.getDefaultInstance()).getHeader().getRevision())
        .isEqualTo(3);
    assertThat(server.kv.range(list("a", "z")).getHeader())
        .isEqualTo(fresh.toBuilder().setRevision(3).build());
  }

  @Test
  void range_ofOneKey() {
    server.kv.put(put("a", "1"));
    server.kv.put(put("a", "2"));
    RangeResponse found = server.kv.range(get("a"));
    assertThat(found.getCount()).isEqualTo(1);
    assertThat(found.getMore()).isFalse();
    assertThat(found.getKvs(0).getKey()).isEqualTo(bytes("a"));
    assertThat(found.getKvs(0).getValue()).isEqualTo(bytes("2"));
    assertThat(found.getKvs(0).getCreateRevision()).isEqualTo(2);
    assertThat(found.getKvs(0).getModRevision()).isEqualTo(3);
    assertThat(found.getKvs(0).getVersion()).isEqualTo(2);
    RangeResponse old = server.kv.range(get("a").toBuilder().setRevision(2).build());
    assertThat(old.getKvs(0).getValue()).isEqualTo(bytes("1"));
    assertThat(old.getHeader().getRevision()).isEqualTo(3);
  }

  @Test
  void range_limitCountAndMore() {
    for (int i = 0; i < 300; i++) {
      server.kv.put(put("k%03d".formatted(i), "v" + i));
    }
    for (long limit : new long[] {1, 5, 128, 129, 200, 299}) {
      RangeResponse cut = server.kv.range(list("k", "l").toBuilder().setLimit(limit).build());
      assertThat(cut.getKvsCount()).isEqualTo((int) limit);
      assertThat(cut.getCount()).isEqualTo(300);
      assertThat(cut.getMore()).isTrue();
    }
    for (long limit : new long[] {-1, 0, 300, 1_000}) {
      RangeResponse all = server.kv.range(list("k", "l").toBuilder().setLimit(limit).build());
      assertThat(all.getKvsCount()).isEqualTo(300);
      assertThat(all.getCount()).isEqualTo(300);
      assertThat(all.getMore()).isFalse();
      assertThat(all.getKvs(299).getValue()).isEqualTo(bytes("v299"));
    }
    assertThat(server.kv.range(list("\0", "\0")).getCount()).isEqualTo(300);
    assertThat(server.kv.range(list("l", "k")).getCount()).isZero();
    RangeResponse count = server.kv.range(list("k", "l").toBuilder().setCountOnly(true).build());
    assertThat(count.getCount()).isEqualTo(300);
    assertThat(count.getKvsCount()).isZero();
    assertThat(count.getMore()).isFalse();
  }

  @Test
  void range_sortedAndFiltered() {
    for (int i = 0; i < 300; i++) {
      server.kv.put(put("k%03d".formatted(i), "v%03d".formatted(999 - i)));
    }
    RangeResponse byValue =
        server.kv.range(
            list("k", "l").toBuilder()
                .setSortTarget(RangeRequest.SortTarget.VALUE)
                .setSortOrder(RangeRequest.SortOrder.ASCEND)
                .setLimit(2)
                .build());
    assertThat(byValue.getKvsList().stream().map(kv -> kv.getKey().toStringUtf8()))
        .containsExactly("k299", "k298");
    RangeResponse filtered =
        server.kv.range(list("k", "l").toBuilder().setMinModRevision(300).build());
    assertThat(filtered.getKvsCount()).isEqualTo(2);
    assertThat(filtered.getCount()).isEqualTo(300);
  }

  @Test
  void range_keysOnly() {
    server.kv.put(put("a", "1"));
    RangeResponse keys = server.kv.range(list("a", "b").toBuilder().setKeysOnly(true).build());
    assertThat(keys.getKvs(0).getValue()).isEmpty();
    assertThat(keys.getKvs(0).getModRevision()).isEqualTo(2);
  }

  @Test
  void put_previous() {
    PutRequest put = put("a", "1").toBuilder().setPrevKv(true).build();
    assertThat(server.kv.put(put).hasPrevKv()).isFalse();
    PutResponse second = server.kv.put(put);
    assertThat(second.getPrevKv().getValue()).isEqualTo(bytes("1"));
    assertThat(second.getPrevKv().getModRevision()).isEqualTo(2);
  }

  @Test
  void delete_previous() {
    server.kv.put(put("a", "1"));
    server.kv.put(put("b", "2"));
    DeleteRangeResponse deleted =
        server.kv.deleteRange(delete("a", "\0").toBuilder().setPrevKv(true).build());
    assertThat(deleted.getDeleted()).isEqualTo(2);
    assertThat(deleted.getPrevKvsList().stream().map(kv -> kv.getValue().toStringUtf8()))
        .containsExactly("1", "2");
  }

  /* ---------------- txn ---------------- */

  @Test
  void txn_innerHeaders() {
    server.kv.put(put("a", "1"));
    TxnResponse response =
        server.kv.txn(
            TxnRequest.newBuilder()
                .addSuccess(op(delete("none", "")))
                .addSuccess(op(put("b", "2")))
                .addSuccess(op(get("b")))
                .addSuccess(op(TxnRequest.newBuilder().addSuccess(op(get("a"))).build()))
                .build());
    assertThat(response.getSucceeded()).isTrue();
    assertThat(response.getHeader().getRevision()).isEqualTo(3);
    assertThat(response.getResponses(0).getResponseDeleteRange().getHeader())
        .isEqualTo(ResponseHeader.newBuilder().setRevision(2).build());
    assertThat(response.getResponses(1).getResponsePut().getHeader())
        .isEqualTo(ResponseHeader.newBuilder().setRevision(3).build());
    assertThat(response.getResponses(2).getResponseRange().getHeader())
        .isEqualTo(ResponseHeader.newBuilder().setRevision(3).build());
    assertThat(response.getResponses(2).getResponseRange().getKvs(0).getValue())
        .isEqualTo(bytes("2"));
    TxnResponse nested = response.getResponses(3).getResponseTxn();
    assertThat(nested.hasHeader()).isTrue();
    assertThat(nested.getHeader()).isEqualTo(ResponseHeader.getDefaultInstance());
    assertThat(nested.getResponses(0).getResponseRange().getCount()).isEqualTo(1);
  }

  @Test
  void txn_asKubernetesUpdates() {
    server.kv.put(put("a", "1"));
    TxnRequest update =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setKey(bytes("a"))
                    .setTarget(Compare.CompareTarget.MOD)
                    .setModRevision(2))
            .addSuccess(op(put("a", "2")))
            .addFailure(op(get("a")))
            .build();
    assertThat(server.kv.txn(update).getSucceeded()).isTrue();
    TxnResponse conflict = server.kv.txn(update);
    assertThat(conflict.getSucceeded()).isFalse();
    assertThat(conflict.getHeader().getRevision()).isEqualTo(3);
    assertThat(conflict.getResponses(0).getResponseRange().getKvs(0).getModRevision()).isEqualTo(3);
  }

  @Test
  void txn_readOnly() {
    server.kv.put(put("a", "1"));
    TxnResponse response =
        server.kv.txn(
            TxnRequest.newBuilder()
                .addSuccess(op(get("a")))
                .addSuccess(op(list("a", "z")))
                .build());
    assertThat(response.getHeader().getRevision()).isEqualTo(2);
    assertThat(response.getResponses(1).getResponseRange().getKvs(0).getValue())
        .isEqualTo(bytes("1"));
    assertThat(server.budget.used()).isBetween(0L, 512L);
  }

  @Test
  void txn_tooDeep() {
    TxnRequest txn = TxnRequest.getDefaultInstance();
    // No deeper, because this client reads answers with protobuf's own limit.
    for (int depth = 0; depth < 45; depth++) {
      txn = TxnRequest.newBuilder().addSuccess(op(txn)).build();
    }
    assertThat(server.kv.txn(txn).getSucceeded()).isTrue();
    for (int depth = 0; depth < 400; depth++) {
      txn = TxnRequest.newBuilder().addSuccess(op(txn)).build();
    }
    TxnRequest tooDeep = txn;
    assertRefused(
        () -> server.kv.txn(tooDeep),
        "INVALID_ARGUMENT: etcdserver: too many operations in txn request");
    assertThat(server.kv.range(get("a")).getCount()).isZero();
  }

  /* ---------------- refusals ---------------- */

  @Test
  void refusals_ofTheStore() {
    server.kv.put(put("a", "1"));
    server.kv.put(put("a", "2"));
    server.kv.compact(CompactionRequest.newBuilder().setRevision(3).build());
    assertRefused(
        () -> server.kv.range(get("a").toBuilder().setRevision(2).build()),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");
    assertRefused(
        () -> server.kv.range(list("a", "b").toBuilder().setRevision(9).build()),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
    assertRefused(
        () -> server.kv.compact(CompactionRequest.newBuilder().setRevision(2).build()),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");
    assertRefused(
        () -> server.kv.put(put("a", "1").toBuilder().setLease(77).build()),
        "NOT_FOUND: etcdserver: requested lease not found");
    assertRefused(
        () -> server.kv.put(put("b", "").toBuilder().setIgnoreValue(true).build()),
        "INVALID_ARGUMENT: etcdserver: key not found");
  }

  @Test
  void refusals_ofTheEdge() {
    assertRefused(
        () -> server.kv.range(list("", "b")), "INVALID_ARGUMENT: etcdserver: key is not provided");
    assertRefused(
        () -> server.kv.put(put("", "b")), "INVALID_ARGUMENT: etcdserver: key is not provided");
    assertRefused(
        () -> server.kv.deleteRange(delete("", "b")),
        "INVALID_ARGUMENT: etcdserver: key is not provided");
    assertRefused(
        () ->
            server.kv.txn(
                TxnRequest.newBuilder()
                    .addSuccess(op(put("a", "")))
                    .addSuccess(op(put("a", "")))
                    .build()),
        "INVALID_ARGUMENT: etcdserver: duplicate key given in txn request");
    ByteString large = ByteString.copyFrom(new byte[1_572_864]);
    assertRefused(
        () -> server.kv.put(PutRequest.newBuilder().setKey(bytes("a")).setValue(large).build()),
        "INVALID_ARGUMENT: etcdserver: request is too large");
  }

  /* ---------------- range stream ---------------- */

  @Test
  void stream_mergesToTheRange() {
    for (int i = 0; i < 1_000; i++) {
      server.kv.put(put("k%04d".formatted(i), "v".repeat(i % 50 * 200)));
    }
    for (RangeRequest request :
        List.of(
            list("k", "l"),
            list("k", "l").toBuilder().setLimit(700).build(),
            list("k", "l").toBuilder().setLimit(5).build(),
            list("k", "l").toBuilder().setKeysOnly(true).setRevision(500).build(),
            list("k", "l").toBuilder().setCountOnly(true).build(),
            list("x", "y"),
            get("k0001"))) {
      List<RangeStreamResponse> chunks = new ArrayList<>();
      server.kv.rangeStream(request).forEachRemaining(chunks::add);
      RangeResponse.Builder merged = RangeResponse.newBuilder();
      for (RangeStreamResponse chunk : chunks) {
        merged.mergeFrom(chunk.getRangeResponse());
      }
      assertThat(merged.build()).isEqualTo(server.kv.range(request));
      assertThat(chunks.getFirst().getRangeResponse().getKvsCount()).isLessThanOrEqualTo(10);
      assertThat(chunks.subList(0, chunks.size() - 1))
          .allSatisfy(
              chunk -> {
                assertThat(chunk.getRangeResponse().hasHeader()).isFalse();
                assertThat(chunk.getRangeResponse().getCount()).isZero();
                assertThat(chunk.getSerializedSize()).isLessThan(2 * 1_572_864);
              });
    }
  }

  @Test
  void stream_refusals() {
    assertRefused(
        () ->
            server
                .kv
                .rangeStream(
                    list("a", "b").toBuilder().setSortOrder(RangeRequest.SortOrder.DESCEND).build())
                .next(),
        "UNIMPLEMENTED: RangeStream does not support custom sort orders");
    assertRefused(
        () -> server.kv.rangeStream(list("a", "b").toBuilder().setRevision(9).build()).next(),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
  }

  private static void assertRefused(ThrowingCallable call, String text) {
    assertThatThrownBy(call).hasMessage(text);
  }
}
