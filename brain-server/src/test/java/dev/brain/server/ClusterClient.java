// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.proto.mvccpb.KeyValue;
import dev.brain.server.ClusterHistory.Outcome;
import dev.brain.server.ClusterHistory.Write;
import dev.brain.server.grpc.EtcdStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client that does what comes to its mind, on any node, and notes what it was told. */
final class ClusterClient {
  private static final int KEYS = 5;
  private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

  /** What is not answered by then has an unknown outcome. */
  static final long PATIENCE_MILLIS = 1_000;

  private final String name;
  private final long leases;
  private final Random random;
  private final List<TestNode> nodes;
  private final ClusterHistory history;
  private int operations;
  private long lease;

  ClusterClient(int number, long seed, List<TestNode> nodes, ClusterHistory history) {
    this.name = "c" + number;
    this.leases = 1_000_000L * (number + 1);
    this.random = new Random(seed);
    this.nodes = nodes;
    this.history = history;
  }

  /** One write, or one read. */
  void operate() {
    operations++;
    TestNode node = node();
    String key = "k" + random.nextInt(KEYS);
    String value = name + "-" + operations;
    int choice = random.nextInt(20);
    if (choice < 4) {
      write(node, new Write(key, value, 0, null, -1));
    } else if (choice < 6) {
      write(node, new Write(key, value, 0, null, 0));
    } else if (choice < 8) {
      KeyValue found = read(node(), key, true, 0);
      write(node, new Write(key, value, 0, null, found == null ? 0 : found.getModRevision()));
    } else if (choice < 10) {
      write(node, new Write("m" + name, value, 0, key, -1));
    } else if (choice == 10) {
      leased(node, key, value);
    } else if (choice == 11) {
      read(node, key, random.nextBoolean(), 1 + random.nextLong(history.told()));
    } else {
      read(node, random.nextInt(3) == 0 ? null : key, random.nextInt(3) == 0, 0);
    }
  }

  /** Puts something. */
  void put(TestNode node) {
    operations++;
    write(node, new Write("own", name + "-" + operations, 0, null, -1));
  }

  /** Reads all keys, linearizable; answers whether there was an answer. */
  boolean readAll(TestNode node) {
    return read(node, null, false, 0) != null;
  }

  private TestNode node() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static KVGrpc.KVBlockingStub kv(TestNode node) {
    return KVGrpc.newBlockingStub(node.clients)
        .withDeadlineAfter(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** What an error says of a write: etcd's own texts are certain, but for one. */
  private static Outcome outcome(StatusRuntimeException e) {
    Status status = e.getStatus();
    String text = status.getDescription();
    return text == null
            || !text.startsWith("etcdserver: ")
            || text.equals(EtcdStatus.TIMED_OUT.text())
        ? Outcome.UNKNOWN
        : Outcome.REFUSED;
  }

  private void write(TestNode node, Write write) {
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(bytes(write.key()))
            .setValue(bytes(write.value()))
            .setLease(write.lease())
            .build();
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    if (write.expected() >= 0) {
      txn.addCompare(
          Compare.newBuilder()
              .setKey(put.getKey())
              .setTarget(Compare.CompareTarget.MOD)
              .setResult(Compare.CompareResult.EQUAL)
              .setModRevision(write.expected()));
      txn.addFailure(
          RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(put.getKey())));
    }
    String deleted = write.deleted();
    if (deleted != null) {
      txn.addSuccess(
          RequestOp.newBuilder()
              .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes(deleted))));
    }
    txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
    long floor = history.told();
    try {
      TxnResponse answer = kv(node).txn(txn.build());
      long revision = answer.getHeader().getRevision();
      history.tell(revision);
      if (answer.getSucceeded()) {
        history.require(revision > floor, write + " at " + revision + " after " + floor);
        history.ended(write, Outcome.DONE, revision, "");
      } else {
        history.require(revision >= floor, write + " compared at " + revision + " < " + floor);
        history.ended(write, Outcome.REFUSED, 0, "compared at " + revision);
        history.read(
            node.name,
            write.key(),
            revision,
            answer.getResponses(0).getResponseRange().getKvsList());
      }
    } catch (StatusRuntimeException e) {
      history.ended(write, outcome(e), 0, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable KeyValue read(
      TestNode node, @Nullable String key, boolean serializable, long revision) {
    RangeRequest.Builder request =
        RangeRequest.newBuilder().setSerializable(serializable).setRevision(revision);
    if (key == null) {
      request.setKey(ALL).setRangeEnd(ALL);
    } else {
      request.setKey(bytes(key));
    }
    long floor = serializable ? history.shown(node.name) : history.told();
    RangeResponse answer;
    try {
      answer = kv(node).range(request.build());
    } catch (StatusRuntimeException e) {
      return null;
    }
    long newest = answer.getHeader().getRevision();
    history.require(
        newest >= floor,
        "%s read on %s shows %d after %d"
            .formatted(serializable ? "serializable" : "linearizable", node.name, newest, floor));
    history.show(node.name, newest);
    history.read(node.name, key, revision == 0 ? newest : revision, answer.getKvsList());
    return answer.getKvsCount() == 0 ? null : answer.getKvs(0);
  }

  /** Grants a lease and puts a key with it, or revokes the last one. */
  private void leased(TestNode node, String key, String value) {
    LeaseGrpc.LeaseBlockingStub stub =
        LeaseGrpc.newBlockingStub(node.clients)
            .withDeadlineAfter(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    if (lease == 0) {
      lease = leases + operations;
      try {
        var _ = stub.leaseGrant(LeaseGrantRequest.newBuilder().setID(lease).setTTL(600).build());
      } catch (StatusRuntimeException e) {
        // The put tells whether it was granted.
      }
      write(node(), new Write(key, value, lease, null, -1));
      return;
    }
    try {
      long revision =
          stub.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build())
              .getHeader()
              .getRevision();
      history.tell(revision);
      history.revoked(lease, Outcome.DONE, revision);
    } catch (StatusRuntimeException e) {
      history.revoked(lease, outcome(e), 0);
    }
    lease = 0;
  }
}
