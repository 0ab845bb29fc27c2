// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.mvccpb.KeyValue;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The keys at the indexes from 0 to a bound of a key space, on a server. Used by one thread. */
final class Dataset {
  /** Enough to keep a server busy, few enough for any. */
  private static final int CREATES_UNDER_WAY = 256;

  private static final int PAGE = 1000;

  private final Scene scene;
  private final KeySpace keys;
  private final int size;

  Dataset(Scene scene, KeySpace keys, int size) {
    this.scene = scene;
    this.keys = keys;
    this.size = size;
  }

  /** Creates the keys that are missing, each by a transaction of its own as Kubernetes does. */
  void fill() throws InterruptedException {
    if (count() == size) {
      return;
    }
    Creation creation = new Creation();
    for (long index = 0; index < size && creation.failure.get() == null; index++) {
      creation.take(1);
      var request = Txns.create(keys.key(index), scene.values().value(index));
      Call.start(
          scene.connections().of((int) (index % scene.clients())),
          KVGrpc.getTxnMethod(),
          request,
          creation,
          answer -> creation.permits.release());
    }
    creation.take(CREATES_UNDER_WAY);
    String failure = creation.failure.get();
    if (failure != null) {
      throw new WorkloadException("The keys to work on cannot be created: " + failure);
    }
    long count = count();
    if (count != size) {
      throw new WorkloadException(
          "keys below " + keys.start().toStringUtf8() + ": " + count + " (expected: " + size + ")");
    }
  }

  /** The revisions at which the keys were last written, by index. */
  long[] revisions() {
    long[] revisions = new long[size];
    RangeRequest.Builder page =
        RangeRequest.newBuilder()
            .setKey(keys.start())
            .setRangeEnd(keys.end())
            .setLimit(PAGE)
            .setKeysOnly(true);
    boolean more = true;
    while (more) {
      RangeResponse response = range(page.build());
      for (KeyValue kv : response.getKvsList()) {
        revisions[(int) keys.index(kv.getKey())] = kv.getModRevision();
      }
      more = response.getMore() && response.getKvsCount() > 0;
      if (more) {
        ByteString last = response.getKvs(response.getKvsCount() - 1).getKey();
        page.setRevision(response.getHeader().getRevision()).setKey(Ranges.behind(last));
      }
    }
    return revisions;
  }

  /** Deletes all keys below a prefix, a page at a time. */
  static void delete(Scene scene, String prefix) {
    RangeRequest page =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(prefix))
            .setRangeEnd(Ranges.prefixEnd(prefix))
            .setLimit(PAGE)
            .setKeysOnly(true)
            .build();
    try {
      while (true) {
        RangeResponse response = blocking(scene).range(page);
        if (response.getKvsCount() == 0) {
          return;
        }
        ByteString last = response.getKvs(response.getKvsCount() - 1).getKey();
        blocking(scene)
            .deleteRange(
                DeleteRangeRequest.newBuilder()
                    .setKey(response.getKvs(0).getKey())
                    .setRangeEnd(Ranges.behind(last))
                    .build());
      }
    } catch (StatusRuntimeException e) {
      throw new WorkloadException(
          "The keys below " + prefix + " cannot be deleted: " + Call.error(e), e);
    }
  }

  private long count() {
    return range(
            RangeRequest.newBuilder()
                .setKey(keys.start())
                .setRangeEnd(keys.end())
                .setCountOnly(true)
                .build())
        .getCount();
  }

  private RangeResponse range(RangeRequest request) {
    try {
      return blocking(scene).range(request);
    } catch (StatusRuntimeException e) {
      throw new WorkloadException(
          "The keys below " + keys.start().toStringUtf8() + " cannot be listed: " + Call.error(e),
          e);
    }
  }

  private static KVGrpc.KVBlockingStub blocking(Scene scene) {
    return KVGrpc.newBlockingStub(scene.connections().of(0))
        .withDeadlineAfter(scene.timeout().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The creations under way, and the first failure among them. */
  private final class Creation implements Completion {
    final Semaphore permits = new Semaphore(CREATES_UNDER_WAY);
    final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    void take(int number) throws InterruptedException {
      if (!permits.tryAcquire(number, scene.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new WorkloadException(
            "The keys to work on cannot be created: no answer within " + scene.timeout());
      }
    }

    @Override
    public void succeeded(int series, long units) {
      permits.release();
    }

    @Override
    public void conflicted() {
      permits.release();
    }

    @Override
    public void failed(String error) {
      failure.compareAndSet(null, error);
      permits.release();
    }
  }
}
