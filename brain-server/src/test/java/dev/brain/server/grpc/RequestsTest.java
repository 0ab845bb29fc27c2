// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private final Requests requests = new Requests(ServiceLimits.DEFAULT);

  /* ---------------- range ---------------- */

  @Test
  void range_withKey() {
    assertThat(requests.check(RangeRequest.newBuilder().setKey(bytes("a")).build())).isNull();
  }

  @Test
  void range_withoutKey() {
    RangeRequest request =
        RangeRequest.newBuilder().setRangeEnd(bytes("b")).setSortOrderValue(9).build();
    assertThat(requests.check(request)).isEqualTo(EtcdStatus.KEY_NOT_PROVIDED);
  }

  @Test
  void range_unknownSortOrder() {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(bytes("a")).setSortOrderValue(3).build();
    assertThat(requests.check(request)).isEqualTo(EtcdStatus.INVALID_SORT_OPTION);
  }

  @Test
  void range_unknownSortTarget() {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(bytes("a")).setSortTargetValue(5).build();
    assertThat(requests.check(request)).isEqualTo(EtcdStatus.INVALID_SORT_OPTION);
  }

  @Test
  void stream_sortedByKeyAscending() {
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(bytes("a"))
            .setSortOrder(RangeRequest.SortOrder.ASCEND)
            .build();
    assertThat(requests.checkStream(request)).isNull();
  }

  @Test
  void stream_sortedOtherwise() {
    RangeRequest.Builder request = RangeRequest.newBuilder().setKey(bytes("a"));
    assertThat(
            requests.checkStream(
                request.clone().setSortOrder(RangeRequest.SortOrder.DESCEND).build()))
        .isEqualTo(EtcdStatus.STREAM_SORT_UNSUPPORTED);
    assertThat(
            requests.checkStream(
                request
                    .clone()
                    .setSortOrder(RangeRequest.SortOrder.ASCEND)
                    .setSortTarget(RangeRequest.SortTarget.MOD)
                    .build()))
        .isEqualTo(EtcdStatus.STREAM_SORT_UNSUPPORTED);
  }

  @Test
  void stream_filtered() {
    RangeRequest.Builder request = RangeRequest.newBuilder().setKey(bytes("a"));
    assertThat(
            List.of(
                request.clone().setMinModRevision(1).build(),
                request.clone().setMaxModRevision(1).build(),
                request.clone().setMinCreateRevision(1).build(),
                request.clone().setMaxCreateRevision(1).build()))
        .allMatch(each -> requests.checkStream(each) == EtcdStatus.STREAM_FILTER_UNSUPPORTED);
  }

  /* ---------------- put, delete ---------------- */

  @Test
  void put_faultsInEtcdsOrder() {
    PutRequest.Builder put = PutRequest.newBuilder().setIgnoreValue(true).setIgnoreLease(true);
    put.setValue(bytes("v")).setLease(7);
    assertThat(requests.check(put.build())).isEqualTo(EtcdStatus.KEY_NOT_PROVIDED);
    put.setKey(bytes("k"));
    assertThat(requests.check(put.build())).isEqualTo(EtcdStatus.VALUE_PROVIDED);
    put.clearValue();
    assertThat(requests.check(put.build())).isEqualTo(EtcdStatus.LEASE_PROVIDED);
    put.clearLease();
    assertThat(requests.check(put.build())).isNull();
  }

  @Test
  void put_sizeAtTheLimit() {
    PutRequest.Builder put = PutRequest.newBuilder().setKey(bytes("key"));
    put.setValue(ByteString.copyFrom(new byte[1_572_824]));
    assertThat(requests.check(put.build())).isNull();
    put.setValue(ByteString.copyFrom(new byte[1_572_864]));
    assertThat(requests.check(put.build())).isEqualTo(EtcdStatus.REQUEST_TOO_LARGE);
  }

  @Test
  void delete_withoutKey() {
    DeleteRangeRequest request = DeleteRangeRequest.newBuilder().setRangeEnd(bytes("b")).build();
    assertThat(requests.check(request)).isEqualTo(EtcdStatus.KEY_NOT_PROVIDED);
  }

  /* ---------------- txn ---------------- */

  @Test
  void txn_empty() {
    assertThat(requests.check(TxnRequest.getDefaultInstance())).isNull();
  }

  @Test
  void txn_countsTheLongestList() {
    List<RequestOp> ranges = Collections.nCopies(128, range("a"));
    TxnRequest.Builder txn = TxnRequest.newBuilder().addAllSuccess(ranges).addAllFailure(ranges);
    for (int i = 0; i < 128; i++) {
      txn.addCompare(Compare.newBuilder().setKey(bytes("a")));
    }
    assertThat(requests.check(txn.build())).isNull();
    assertThat(requests.check(txn.clone().addFailure(range("a")).build()))
        .isEqualTo(EtcdStatus.TOO_MANY_OPERATIONS);
    assertThat(requests.check(txn.clone().addCompare(Compare.getDefaultInstance()).build()))
        .isEqualTo(EtcdStatus.TOO_MANY_OPERATIONS);
  }

  @Test
  void txn_nestedGetsWhatTheParentLeft() {
    List<RequestOp> outer = Collections.nCopies(99, range("a"));
    assertThat(requests.check(txn(outer, nested(Collections.nCopies(28, range("a")))))).isNull();
    assertThat(requests.check(txn(outer, nested(Collections.nCopies(29, range("a"))))))
        .isEqualTo(EtcdStatus.TOO_MANY_OPERATIONS);
  }

  @Test
  void txn_siblingsAreNotAddedUp() {
    RequestOp nested = nested(Collections.nCopies(126, range("a")));
    assertThat(requests.check(txn(List.of(nested, nested)))).isNull();
  }

  @Test
  void txn_deepAsEtcdAllows() {
    TxnRequest txn = TxnRequest.getDefaultInstance();
    for (int depth = 0; depth < 128; depth++) {
      txn = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestTxn(txn)).build();
    }
    assertThat(requests.check(txn)).isNull();
    txn = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestTxn(txn)).build();
    assertThat(requests.check(txn)).isEqualTo(EtcdStatus.TOO_MANY_OPERATIONS);
  }

  @Test
  void txn_compareWithoutKey() {
    TxnRequest txn = TxnRequest.newBuilder().addCompare(Compare.getDefaultInstance()).build();
    assertThat(requests.check(txn)).isEqualTo(EtcdStatus.KEY_NOT_PROVIDED);
  }

  @Test
  void txn_operationNotSet() {
    assertThat(requests.check(txn(List.of(RequestOp.getDefaultInstance()))))
        .isEqualTo(EtcdStatus.KEY_NOT_FOUND);
  }

  @Test
  void txn_faultInBranchNotTaken() {
    TxnRequest txn = TxnRequest.newBuilder().addFailure(put("")).build();
    assertThat(requests.check(txn)).isEqualTo(EtcdStatus.KEY_NOT_PROVIDED);
  }

  @Test
  void txn_sortOptionInside() {
    RequestOp range =
        RequestOp.newBuilder()
            .setRequestRange(RangeRequest.newBuilder().setKey(bytes("a")).setSortTargetValue(7))
            .build();
    assertThat(requests.check(txn(List.of(range)))).isEqualTo(EtcdStatus.INVALID_SORT_OPTION);
  }

  /* ---------------- duplicates ---------------- */

  @Test
  void duplicate_twoPuts() {
    assertDuplicate(put("a"), put("a"));
    assertUnique(put("a"), put("b"));
  }

  @Test
  void duplicate_putAndDelete() {
    assertDuplicate(put("a"), delete("a", ""));
    assertDuplicate(delete("a", ""), put("a"));
    assertDuplicate(put("b"), delete("a", "c"));
    assertDuplicate(delete("a", "c"), put("b"));
    assertUnique(put("c"), delete("a", "c"));
    assertUnique(put("a\0"), delete("a", ""));
  }

  @Test
  void duplicate_putAndDeleteFromKey() {
    assertDuplicate(put("z"), delete("a", "\0"));
    assertUnique(put("a"), delete("b", "\0"));
  }

  @Test
  void duplicate_emptyDelete() {
    assertUnique(put("b"), delete("b", "a"));
  }

  @Test
  void duplicate_twoDeletes() {
    assertUnique(delete("a", ""), delete("a", ""), delete("a", "c"));
  }

  @Test
  void duplicate_branchesOfOneTxnExcludeEachOther() {
    assertUnique(branches(List.of(put("a")), List.of(put("a"))));
    assertUnique(branches(List.of(put("a")), List.of(delete("a", ""))));
  }

  @Test
  void duplicate_acrossLevels() {
    assertDuplicate(put("a"), nested(List.of(put("a"))));
    assertDuplicate(nested(List.of(put("a"))), put("a"));
    assertDuplicate(delete("a", ""), nested(List.of(put("a"))));
    assertDuplicate(put("a"), nested(List.of(delete("a", "b"))));
    assertDuplicate(nested(List.of(nested(List.of(put("a"))))), put("a"));
    assertDuplicate(branches(List.of(), List.of(put("a"))), put("a"));
  }

  @Test
  void duplicate_acrossSiblings() {
    assertDuplicate(nested(List.of(put("a"))), nested(List.of(put("a"))));
    assertDuplicate(nested(List.of(put("a"))), nested(List.of(delete("a", ""))));
    assertDuplicate(nested(List.of(delete("a", ""))), nested(List.of(put("a"))));
    assertUnique(nested(List.of(put("a"))), nested(List.of(put("b"))));
  }

  @Test
  void duplicate_inFailureBranch() {
    TxnRequest txn = TxnRequest.newBuilder().addFailure(put("a")).addFailure(put("a")).build();
    assertThat(requests.check(txn)).isEqualTo(EtcdStatus.DUPLICATE_KEY);
  }

  private void assertDuplicate(RequestOp... operations) {
    assertThat(requests.check(txn(List.of(operations)))).isEqualTo(EtcdStatus.DUPLICATE_KEY);
  }

  private void assertUnique(RequestOp... operations) {
    assertThat(requests.check(txn(List.of(operations)))).isNull();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static TxnRequest txn(List<RequestOp> success, RequestOp... others) {
    return TxnRequest.newBuilder().addAllSuccess(success).addAllSuccess(List.of(others)).build();
  }

  private static RequestOp range(String key) {
    return RequestOp.newBuilder()
        .setRequestRange(RangeRequest.newBuilder().setKey(bytes(key)))
        .build();
  }

  private static RequestOp put(String key) {
    return RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(bytes(key))).build();
  }

  private static RequestOp delete(String key, String end) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)))
        .build();
  }

  private static RequestOp nested(List<RequestOp> success) {
    return branches(success, List.of());
  }

  private static RequestOp branches(List<RequestOp> success, List<RequestOp> failure) {
    return RequestOp.newBuilder()
        .setRequestTxn(TxnRequest.newBuilder().addAllSuccess(success).addAllFailure(failure))
        .build();
  }
}
