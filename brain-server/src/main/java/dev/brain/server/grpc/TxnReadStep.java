// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.StoreView;
import java.util.List;
import java.util.function.Consumer;

/** Runs a transaction that only reads. */
final class TxnReadStep implements ReadStep {
  private final StoreView store;
  private final ResponseHeaders headers;
  private final Txn txn;
  private final boolean small;
  private final Consumer<TxnResponse> send;

  TxnReadStep(StoreView store, ResponseHeaders headers, Txn txn, Consumer<TxnResponse> send) {
    this.store = store;
    this.headers = headers;
    this.txn = txn;
    this.small = areSmall(txn.success()) && areSmall(txn.failure());
    this.send = send;
  }

  @Override
  public Answer run(ReadMeter meter) throws FailureException {
    TxnResult result = store.read(txn, small ? ReadMeter.UNLIMITED : meter);
    TxnResponse response = Protos.txn(headers.at(result.revision()), result);
    return new Answer(response.getSerializedSize(), small, () -> send.accept(response));
  }

  /** Whether no range of a transaction that only reads asks for the newest. */
  static boolean isSerializable(Txn txn) {
    return areSerializable(txn.success()) && areSerializable(txn.failure());
  }

  private static boolean areSerializable(List<Op> operations) {
    return operations.stream()
        .allMatch(
            operation ->
                switch (operation) {
                  case Op.Range(var query) -> query.serializable();
                  case Op.Nested ignored -> false; // as in etcd
                  case Op.Put ignored -> false;
                  case Op.DeleteRange ignored -> false;
                });
  }

  private static boolean areSmall(List<Op> operations) {
    for (Op operation : operations) {
      boolean small =
          switch (operation) {
            case Op.Range(var query) -> RangeStep.isSmall(query);
            case Op.Nested(Txn nested) -> areSmall(nested.success()) && areSmall(nested.failure());
            case Op.Put ignored -> false;
            case Op.DeleteRange ignored -> false;
          };
      if (!small) {
        return false;
      }
    }
    return true;
  }
}
