// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.Store;
import java.util.List;
import java.util.function.Consumer;

/** Runs a transaction that only reads. */
final class TxnReadStep implements ReadStep {
  /** What is reserved before each list inside a transaction is read. */
  private static final long LIST_BYTES = 256 * 1024;

  private final Store store;
  private final ResponseHeaders headers;
  private final Txn txn;
  private final long lists;
  private final Consumer<TxnResponse> send;

  TxnReadStep(Store store, ResponseHeaders headers, Txn txn, Consumer<TxnResponse> send) {
    this.store = store;
    this.headers = headers;
    this.txn = txn;
    this.lists = Math.max(lists(txn.success()), lists(txn.failure()));
    this.send = send;
  }

  @Override
  public Outcome run(long reserved) throws FailureException {
    if (reserved == 0 && lists > 0) {
      return new Outcome.NeedsBytes(lists * LIST_BYTES);
    }
    TxnResult result = store.read(txn);
    TxnResponse response = Protos.txn(headers.at(result.revision()), result);
    return new Outcome.Answer(
        response.getSerializedSize(), /* single= */ lists == 0, () -> send.accept(response));
  }

  private static long lists(List<Op> operations) {
    long lists = 0;
    for (Op operation : operations) {
      if (operation instanceof Op.Range(var query) && !RangeStep.isSmall(query)) {
        lists++;
      } else if (operation instanceof Op.Nested(Txn nested)) {
        lists += Math.max(lists(nested.success()), lists(nested.failure()));
      }
    }
    return lists;
  }
}
