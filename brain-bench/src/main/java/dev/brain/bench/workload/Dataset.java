// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.mvccpb.KeyValue;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The keys at the indexes from 0 to a bound of a key space, on a server. Used by one thread. */
public final class Dataset {
  /** Enough to keep a server busy, few enough for any. */
  private static final int CREATES_UNDER_WAY = 256;

  /** The same for writes of many keys each. */
  private static final int BATCHES_UNDER_WAY = 16;

  private static final int PAGE = 1000;

  /** A server that counts the rest of the range for each page is asked for few pages. */
  private static final int PAGE_OF_KEYS = 10_000;

  private final Scene scene;
  private final KeySpace keys;
  private final int size;

  /** The keys need not be there yet. */
  public Dataset(Scene scene, KeySpace keys, int size) {
    this.scene = scene;
    this.keys = keys;
    this.size = size;
  }

  /** Creates the keys that are missing, each by a transaction of its own as Kubernetes does. */
  public void fill() throws InterruptedException {
    if (count() == size) {
      return;
    }
    Writing creation = new Writing(CREATES_UNDER_WAY);
    for (long index = 0; index < size && creation.goesOn(); index++) {
      creation.start(Txns.create(keys.key(index), scene.values().value(index)));
    }
    creation.await();
    long count = count();
    if (count != size) {
      throw new WorkloadException(
          "keys below " + keys.start().toStringUtf8() + ": " + count + " (expected: " + size + ")");
    }
  }

  /**
   * Writes each key again, many in one transaction, which is far faster than one by one.
   *
   * @param times how often, all keys once and then all keys again
   * @param batch keys per transaction; a server may refuse more than 128
   */
  public void rewrite(int times, int batch) throws InterruptedException {
    Writing writing = new Writing(BATCHES_UNDER_WAY);
    for (int time = 1; time <= times; time++) {
      for (long first = 0; first < size && writing.goesOn(); first += batch) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        for (long index = first; index < Math.min(size, first + batch); index++) {
          ByteString value = scene.values().value(index + (long) time * size);
          request.addSuccess(Txns.put(keys.key(index), value));
        }
        writing.start(request.build());
      }
    }
    writing.await();
  }

  /** The revisions at which the keys were last written, by index; 0 for one that is not there. */
  public long[] revisions() {
    long[] revisions = new long[size];
    RangeRequest.Builder page =
        RangeRequest.newBuilder()
            .setKey(keys.start())
            .setRangeEnd(keys.end())
            .setLimit(PAGE_OF_KEYS)
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

  /** How many of them the server has now. */
  public long count() {
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

  /** The writes under way, and the first failure among them. */
  private final class Writing implements Completion {
    private final int most;
    private final Semaphore permits;
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private int started;

    Writing(int most) {
      this.most = most;
      this.permits = new Semaphore(most);
    }

    boolean goesOn() {
      return failure.get() == null;
    }

    /** Starts a write as soon as fewer than the most are under way. */
    void start(TxnRequest request) throws InterruptedException {
      take(1);
      Call.start(
          scene.connections().of(started++ % most),
          KVGrpc.getTxnMethod(),
          request,
          this,
          answer -> permits.release());
    }

    /** Waits until all have ended well. */
    void await() throws InterruptedException {
      take(most);
      if (failure.get() != null) {
        throw new WorkloadException("The keys to work on cannot be written: " + failure.get());
      }
    }

    private void take(int number) throws InterruptedException {
      if (!permits.tryAcquire(number, scene.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new WorkloadException(
            "The keys to work on cannot be written: no answer within " + scene.timeout());
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
