// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RevisionFilter;
import dev.brain.server.kv.Txn;
import dev.brain.server.lease.Lessor;
import dev.brain.server.mvcc.LeaseRecord;
import dev.brain.server.mvcc.Store;
import dev.brain.server.watch.WatchHub;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * What locks and elections are made of: keys below a prefix, each held by a lease, whose turn comes
 * in the order in which they were created. The names and values of keys are those of etcd's own
 * client library, which may take part.
 *
 * @param hub tells when keys are deleted
 * @param readers runs what blocks; bounded, throws RejectedExecutionException at its bound
 * @param random any numbers, from which lease ids are made
 */
public record Coordination(
    Store store,
    WatchHub hub,
    ResponseHeaders headers,
    Lessor lessor,
    Executor readers,
    LongSupplier random) {

  /** How long a lease lives that a client did not bring; nobody keeps it alive. */
  private static final long OWN_LEASE_SECONDS = 60;

  /** The start of all keys of a lock or an election. */
  static byte[] prefix(byte[] name) {
    byte[] prefix = Arrays.copyOf(name, name.length + 1);
    prefix[name.length] = '/';
    return prefix;
  }

  /** The key of a lease below a prefix, written as etcd's client writes it. */
  static Key key(byte[] prefix, long lease) {
    String hex = lease < 0 ? "-" + Long.toHexString(-lease) : Long.toHexString(lease);
    byte[] suffix = hex.getBytes(StandardCharsets.US_ASCII);
    byte[] key = Arrays.copyOf(prefix, prefix.length + suffix.length);
    System.arraycopy(suffix, 0, key, prefix.length, suffix.length);
    return Key.of(key);
  }

  /** Asks for the oldest key below a prefix. */
  static RangeQuery oldest(byte[] prefix) {
    return byCreation(prefix, RangeQuery.Order.ASCEND, RevisionFilter.NONE);
  }

  /** Asks for the youngest key below a prefix that was created before a revision. */
  static RangeQuery youngestBefore(byte[] prefix, long revision) {
    return byCreation(prefix, RangeQuery.Order.DESCEND, new RevisionFilter(0, 0, 0, revision - 1));
  }

  private static RangeQuery byCreation(
      byte[] prefix, RangeQuery.Order order, RevisionFilter filter) {
    return new RangeQuery(
        KeyRange.prefix(prefix),
        1,
        0,
        order,
        RangeQuery.Target.CREATE,
        /* serializable= */ false,
        /* keysOnly= */ false,
        /* countOnly= */ false,
        filter);
  }

  /** Does something to a key if it was created at a revision, 0 for a key that does not exist. */
  static Txn ifCreatedAt(Key key, long revision, Op then, List<Op> otherwise) {
    Compare created =
        new Compare(
            KeyRange.single(key.bytes()),
            Compare.Relation.EQUAL,
            new Compare.Operand.CreateRevision(revision));
    return new Txn(List.of(created), List.of(then), otherwise);
  }

  /** Goes on with a lease: that of the client, or a new one if it is 0. */
  void withLease(long lease, LongConsumer next, Consumer<EtcdStatus> failed) {
    if (lease != 0) {
      next.accept(lease);
      return;
    }
    long id = Math.max(1, random.getAsLong() & Long.MAX_VALUE);
    store.grantLease(
        new LeaseRecord(id, lessor.granted(OWN_LEASE_SECONDS)),
        new Completion<>() {
          @Override
          public void complete(Long revision) {
            next.accept(id);
          }

          @Override
          public void fail(Failure failure) {
            failed.accept(EtcdStatus.of(failure));
          }
        });
  }

  /** How these services tell any failure: the text is right, the code says nothing. */
  static Status plain(EtcdStatus status) {
    return Status.UNKNOWN.withDescription(status.text());
  }
}
