// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.TxnResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client's wish to hold a lock or to lead, from its key until its turn. */
final class Candidacy implements Turn.Listener {
  /*
   * The key is put if it does not exist; a lease that has a key already keeps its place in the line,
   * with the new value. Whoever gives up before its turn, or fails, has its key deleted, or else it
   * would block those behind it for as long as the lease lives.
   */

  /** Is told once; must be quick. */
  interface Listener {
    /** The turn has come. */
    void won(Candidacy candidacy);

    /** It will not come. */
    void lost(EtcdStatus status);
  }

  private final Coordination coordination;
  private final byte[] prefix;
  private final byte[] value;
  private final long lease;
  private final Key key;
  private final Listener listener;
  private long createRevision;
  private long revision;

  @GuardedBy("this")
  private @Nullable Turn turn;

  @GuardedBy("this")
  private boolean over;

  Candidacy(Coordination coordination, byte[] prefix, byte[] value, long lease, Listener listener) {
    this.coordination = coordination;
    this.prefix = prefix;
    this.value = value;
    this.lease = lease;
    this.key = Coordination.key(prefix, lease);
    this.listener = listener;
  }

  Key key() {
    return key;
  }

  long lease() {
    return lease;
  }

  /** The revision that created the key; once won. */
  long createRevision() {
    return createRevision;
  }

  /** The revision that the candidacy began with; once won. */
  long revision() {
    return revision;
  }

  void start() {
    coordination
        .store()
        .txn(
            Coordination.ifCreatedAt(
                key,
                0,
                Op.Put.of(key, value, lease),
                List.of(new Op.Range(RangeQuery.newest(KeyRange.single(key.bytes()))))),
            new Completion<>() {
              @Override
              public void complete(TxnResult result) {
                onKey(result);
              }

              @Override
              public void fail(Failure failure) {
                lose(EtcdStatus.of(failure));
              }
            });
  }

  private void onKey(TxnResult result) {
    revision = result.revision();
    createRevision = revision;
    if (result.succeeded()) {
      line();
      return;
    }
    KeyValue existing = ((RangeResult) result.results().getFirst()).keyValues().getFirst();
    createRevision = existing.row().createRevision();
    if (existing.row().compareValue(value) == 0) {
      line();
      return;
    }
    coordination
        .store()
        .txn(
            Coordination.ifCreatedAt(key, createRevision, Op.Put.of(key, value, lease), List.of()),
            new Completion<>() {
              @Override
              public void complete(TxnResult put) {
                if (put.succeeded()) {
                  line();
                } else {
                  lose(EtcdStatus.ELECTION_NOT_LEADER);
                }
              }

              @Override
              public void fail(Failure failure) {
                lose(EtcdStatus.of(failure));
              }
            });
  }

  private void line() {
    Turn waiting = new Turn(coordination, prefix, createRevision, this);
    synchronized (this) {
      if (!over) {
        turn = waiting;
      }
    }
    if (isOver()) {
      withdraw();
    } else {
      waiting.look();
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** Gives up, unless the turn has come; the listener is not told. */
  void cancel() {
    Turn waiting;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      waiting = turn;
    }
    if (waiting != null) {
      waiting.cancel();
      withdraw();
    }
  }

  @Override
  public void come() {
    if (finish()) {
      listener.won(this);
    }
  }

  @Override
  public void failed(EtcdStatus status) {
    if (finish()) {
      withdraw();
      listener.lost(status);
    }
  }

  private void lose(EtcdStatus status) {
    if (finish()) {
      listener.lost(status);
    }
  }

  private synchronized boolean finish() {
    boolean first = !over;
    over = true;
    return first;
  }

  private void withdraw() {
    coordination
        .store()
        .txn(
            Coordination.ifCreatedAt(
                key,
                createRevision,
                new Op.DeleteRange(KeyRange.single(key.bytes()), false),
                List.of()),
            new Completion<>() {
              @Override
              public void complete(TxnResult result) {}

              @Override
              public void fail(Failure failure) {
                // The lease ends and takes the key along.
              }
            });
  }
}
