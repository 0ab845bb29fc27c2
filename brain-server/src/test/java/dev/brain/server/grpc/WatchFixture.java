// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.event.EventHistory;
import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.Collaborators;
import dev.brain.server.mvcc.Store;
import dev.brain.server.mvcc.StoreConfig;
import dev.brain.server.watch.WatchHub;
import dev.brain.server.watch.WatchLimits;
import dev.brain.server.watch.WatchSource;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Watch service over a store in memory, on a loopback port. */
final class WatchFixture implements AutoCloseable {
  final Store store;
  final WatchHub hub;
  final ManagedChannel channel;
  private final Engine engine = new MemoryStorage().open();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final Server server;

  WatchFixture(WatchLimits limits, int historyRevisions) throws IOException {
    store = Store.open(engine, StoreConfig.DEFAULT, new Random(1));
    hub =
        new WatchHub(
            limits,
            source(store),
            new EventHistory(store.revision(), 64 << 20, historyRevisions),
            new WatchHub.Executors(
                threads,
                threads,
                (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS)),
            new SplittableRandom(1));
    Collaborators none = Collaborators.NONE;
    store.start(new Collaborators(hub, none.leases(), none.gate(), none.deposed()), threads);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new WatchService(hub, ResponseHeaders.of(store)::at, 1_572_864))
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(server.getListenSockets().getFirst())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
  }

  private static WatchSource source(Store store) {
    return new WatchSource() {
      @Override
      public long revision() {
        return store.revision();
      }

      @Override
      public long compactRevision() {
        return store.compactRevision();
      }

      @Override
      public RevisionReader log() {
        return store.log();
      }
    };
  }

  SocketAddress address() {
    return server.getListenSockets().getFirst();
  }

  WatchClient watch() {
    return new WatchClient(channel);
  }

  long put(String key, String value) {
    return write(put(key, value.getBytes(StandardCharsets.UTF_8)));
  }

  static Op put(String key, byte[] value) {
    return Op.Put.of(Key.of(key.getBytes(StandardCharsets.UTF_8)), value, 0);
  }

  long delete(String prefix) {
    KeyRange range = KeyRange.prefix(prefix.getBytes(StandardCharsets.UTF_8));
    return write(new Op.DeleteRange(range, false));
  }

  long write(Op... ops) {
    CompletableFuture<TxnResult> answer = new CompletableFuture<>();
    store.txn(new Txn(List.of(), Stream.of(ops).toList(), List.of()), completing(answer));
    return answer.orTimeout(30, TimeUnit.SECONDS).join().revision();
  }

  void compact(long revision) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    store.compact(revision, true, completing(answer));
    answer.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static <T> Completion<T> completing(CompletableFuture<T> answer) {
    return new Completion<>() {
      @Override
      public void complete(T result) {
        answer.complete(result);
      }

      @Override
      public void fail(Failure failure) {
        answer.completeExceptionally(new IllegalStateException(failure.toString()));
      }
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
    hub.close();
    server.shutdownNow();
    store.close();
    threads.shutdownNow();
    timer.shutdownNow();
    engine.close();
  }
}
