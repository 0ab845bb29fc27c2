// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.brain.engine.KeyRange;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import dev.brain.proto.v3electionpb.LeaderResponse;
import dev.brain.server.event.EncodedEvent;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.watch.CreateOutcome;
import dev.brain.server.watch.WatchBatch;
import dev.brain.server.watch.WatchSession;
import dev.brain.server.watch.WatchSink;
import dev.brain.server.watch.WatchSpec;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client that is told who leads: at first, and after each change. */
final class LeaderObserver implements WatchSink {
  /*
   * Look for the leader. If there is one, tell it and watch its key: each put is told, its deletion
   * means to look again. If there is none, watch the prefix for the first put, and go on with that
   * key.
   *
   * Everything but the look runs in the order of the watch session, which also calls this sink, so
   * the fields need no lock. Watches are changed in tasks of their own, not inside a call of the sink;
   * events of a watch that is to be changed are not looked at any more: it was forgotten before.
   */

  private static final long NO_WATCH = -2;

  private final Coordination coordination;
  private final byte[] prefix;
  private final ServerCallStreamObserver<LeaderResponse> client;
  private @Nullable WatchSession session;

  /** The watch whose events count. */
  private long watchId = NO_WATCH;

  /** Whether it is the watch of a leader's key, and not of the prefix. */
  private boolean led;

  LeaderObserver(
      Coordination coordination, byte[] prefix, ServerCallStreamObserver<LeaderResponse> client) {
    this.coordination = coordination;
    this.prefix = prefix;
    this.client = client;
  }

  /** Starts on the event loop, before the service method returns. */
  void start() {
    WatchSession opened = coordination.hub().open(this).orElse(null);
    if (opened == null) {
      client.onError(EtcdStatus.TOO_MANY_REQUESTS.exception());
      return;
    }
    session = opened;
    client.setOnReadyHandler(() -> opened.execute(opened::ready));
    client.setOnCancelHandler(() -> opened.execute(opened::close));
    look(opened);
  }

  private void look(WatchSession target) {
    try {
      coordination.readers().execute(() -> read(target));
    } catch (RejectedExecutionException e) {
      target.execute(() -> end(target, EtcdStatus.TOO_MANY_REQUESTS));
    }
  }

  private void read(WatchSession target) {
    try {
      RangeResult found = coordination.store().range(Coordination.oldest(prefix));
      target.execute(() -> found(target, found));
    } catch (FailureException e) {
      target.execute(() -> end(target, EtcdStatus.of(e.failure())));
    }
  }

  private void found(WatchSession target, RangeResult result) {
    if (result.keyValues().isEmpty()) {
      led = false;
      watch(target, KeyRange.prefix(prefix), result.revision() + 1);
      return;
    }
    KeyValue leader = Protos.keyValue(result.keyValues().getFirst());
    send(result.revision(), leader);
    follow(target, leader, result.revision() + 1);
  }

  private void follow(WatchSession target, KeyValue leader, long from) {
    led = true;
    watch(target, KeyRange.single(leader.getKey().toByteArray()), from);
  }

  private void watch(WatchSession target, KeyRange range, long from) {
    WatchSpec spec =
        new WatchSpec(
            0,
            range,
            from,
            /* puts= */ true,
            /* deletes= */ led,
            /* previous= */ false,
            /* fragment= */ false,
            /* progress= */ false);
    switch (target.create(spec)) {
      case CreateOutcome.Created(long id, long ignored) -> watchId = id;
      case CreateOutcome.Compacted ignored -> look(target);
      case CreateOutcome.Refused ignored -> end(target, EtcdStatus.TOO_MANY_REQUESTS);
    }
  }

  private void send(long revision, KeyValue leader) {
    client.onNext(
        LeaderResponse.newBuilder()
            .setHeader(coordination.headers().at(revision))
            .setKv(leader)
            .build());
  }

  private void end(WatchSession target, EtcdStatus status) {
    target.close();
    client.onError(new EtcdException(Coordination.plain(status)));
  }

  /* ---------------- what the watch tells ---------------- */

  @Override
  public boolean isReady() {
    return client.isReady();
  }

  @Override
  public void events(WatchBatch batch) {
    if (batch.watchId() != watchId) {
      return;
    }
    for (EncodedEvent event : batch.events()) {
      if (event.isDelete()) {
        change(batch.watchId(), this::look);
        return;
      }
      KeyValue leader = keyValue(event);
      if (led) {
        send(batch.revision(), leader);
      } else {
        send(leader.getModRevision(), leader);
        change(batch.watchId(), target -> follow(target, leader, leader.getModRevision() + 1));
        return;
      }
    }
  }

  private void change(long oldWatch, Consumer<WatchSession> next) {
    watchId = NO_WATCH;
    WatchSession target = session;
    if (target != null) {
      target.execute(
          () -> {
            target.cancel(oldWatch);
            next.accept(target);
          });
    }
  }

  private static KeyValue keyValue(EncodedEvent event) {
    try {
      return Event.parseFrom(event.bytes()).getKv();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an encoded event is no event", e);
    }
  }

  @Override
  public void progress(long id, long revision) {
    // Not asked for.
  }

  @Override
  public void compacted(long id, long compactRevision) {
    if (id == watchId) {
      watchId = NO_WATCH;
      WatchSession target = session;
      if (target != null) {
        look(target);
      }
    }
  }

  @Override
  public void stopped() {
    client.onError(EtcdStatus.STOPPED.exception());
  }

  @Override
  public void failed(Failure failure) {
    client.onError(new EtcdException(Coordination.plain(EtcdStatus.of(failure))));
  }
}
