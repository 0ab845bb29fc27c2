// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes one random txn, up to three levels deep. */
final class RandomTxns {
  private static final int DEEPEST = 3;

  private final RandomRequests requests;
  private final Random random;
  // Most txns keep their keys apart; the others show how duplicates are refused.
  private final boolean apart;
  private final Set<ByteString> used = new HashSet<>();

  RandomTxns(RandomRequests requests) {
    this.requests = requests;
    this.random = requests.random;
    this.apart = random.nextInt(5) != 0;
  }

  TxnRequest txn() {
    return txn(1);
  }

  private TxnRequest txn(int depth) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    int compares = random.nextInt(depth == 1 ? 4 : 2);
    for (int i = 0; i < compares; i++) {
      txn.addCompare(compare());
    }
    return txn.addAllSuccess(ops(depth, random.nextInt(5)))
        .addAllFailure(ops(depth, random.nextInt(4)))
        .build();
  }

  // Of two nested txns side by side, etcd does not compare the puts of the first with the deletes
  // of
  // the second: a case of its own.
  private List<RequestOp> ops(int depth, int count) {
    List<RequestOp> ops = new ArrayList<>();
    boolean nests = depth < DEEPEST;
    for (int i = 0; i < count; i++) {
      RequestOp op = op(depth, nests);
      nests = nests && (apart || !op.hasRequestTxn());
      ops.add(op);
    }
    return ops;
  }

  private Compare compare() {
    Compare.Builder compare = Compare.newBuilder();
    Keys.Range range =
        random.nextInt(5) == 0
            ? Keys.range(random)
            : new Keys.Range(Keys.key(random), ByteString.EMPTY);
    compare.setKey(range.key()).setRangeEnd(range.end());
    compare.setResultValue(random.nextInt(40) == 0 ? 9 : random.nextInt(4));
    int target = random.nextInt(5);
    compare.setTargetValue(target);
    if (random.nextInt(20) == 0) {
      return compare.build();
    }
    // Mostly 0, so that about half of the compares hold.
    long revision =
        random.nextInt(3) == 0 ? requests.view.readableRevision(random) : random.nextInt(2);
    switch (target) {
      case 0 -> compare.setVersion(random.nextInt(4));
      case 1 -> compare.setCreateRevision(revision);
      case 2 -> compare.setModRevision(revision);
      case 3 -> compare.setValue(ByteString.copyFromUtf8("v" + random.nextInt(5)));
      default -> compare.setLease(random.nextBoolean() ? 0 : requests.view.someLease(random));
    }
    return compare.build();
  }

  private RequestOp op(int depth, boolean nests) {
    RequestOp.Builder op = RequestOp.newBuilder();
    int choice = random.nextInt(100);
    if (choice < 40) {
      PutRequest put = requests.put();
      return op.setRequestPut(put.toBuilder().setKey(unused(put.getKey()))).build();
    }
    if (choice < 65) {
      RangeRequest range = requests.range();
      // Txns whose range fails are shown, but must not be all that is shown.
      return op.setRequestRange(
              random.nextInt(4) == 0 ? range : range.toBuilder().setRevision(0).build())
          .build();
    }
    if (choice < 83) {
      return op.setRequestDeleteRange(delete()).build();
    }
    if (choice < 99 && nests) {
      return op.setRequestTxn(txn(depth + 1)).build();
    }
    return choice == 99 && random.nextInt(4) == 0
        ? op.build()
        : op.setRequestRange(requests.range().toBuilder().setRevision(0)).build();
  }

  // A range to the end of all keys escapes etcd's check for duplicates: a case of its own.
  private DeleteRangeRequest delete() {
    DeleteRangeRequest delete = requests.delete();
    return apart || delete.getRangeEnd().equals(Keys.TO_THE_END)
        ? delete.toBuilder().setKey(unused(delete.getKey())).clearRangeEnd().build()
        : delete;
  }

  private ByteString unused(ByteString wanted) {
    ByteString key = wanted;
    for (int i = 0; apart && i < 50 && !used.add(key); i++) {
      key = Keys.key(random);
    }
    return key;
  }
}
