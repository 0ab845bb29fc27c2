// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchProgressRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a node that follows what the leader publishes, until it is closed. Thread-safe. */
public final class Feed implements AutoCloseable {
  /*
   * The feed is an ordinary watch of all keys, with the previous versions, from the first revision that
   * this node does not have. So the leader does what it does for every watcher: it sends events from
   * memory, reads older ones from the log, and waits for a follower that is slow. A feed that breaks is
   * opened again where it ended.
   *
   * Events alone would do but at the start, when there may be none to come: so the leader is asked for the
   * progress of the new watch, which says that this node has everything up to the revision named.
   *
   * If the log no longer goes back to where this node is, it goes on at the compact revision: what lies
   * between cannot be read by anybody any more.
   *
   * Invariant: the sink is called under the lock, for the stream that is open; after close() it is not
   * called any more.
   */

  private static final Logger logger = LoggerFactory.getLogger(Feed.class);

  /** The pause before a feed that broke is opened again. */
  private static final long PAUSE_MILLIS = 100;

  private static final ByteString ALL_KEYS = ByteString.copyFrom(new byte[1]);

  private final LeaderLink leader;
  private final FeedSink sink;
  private final ScheduledExecutorService timer;

  @GuardedBy("this")
  private @Nullable Stream open;

  @GuardedBy("this")
  private boolean closed;

  /**
   * A feed that begins at once.
   *
   * @param leader whom to watch
   * @param sink told of what happens, on the threads of the channel
   * @param timer runs what is quick at a later time
   */
  public static Feed start(LeaderLink leader, FeedSink sink, ScheduledExecutorService timer) {
    Feed feed = new Feed(leader, sink, timer);
    feed.open();
    return feed;
  }

  private Feed(LeaderLink leader, FeedSink sink, ScheduledExecutorService timer) {
    this.leader = leader;
    this.sink = sink;
    this.timer = timer;
  }

  private synchronized void open() {
    if (closed || open != null) {
      return;
    }
    Channel channel = leader.channel().orElse(null);
    if (channel == null) {
      openLater();
      return;
    }
    Stream stream = new Stream(channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT));
    open = stream;
    stream.start(sink.revision() + 1);
  }

  private void openLater() {
    var _ = timer.schedule(this::open, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (open != null) {
      open.call.cancel("this node does not follow any more", null);
      open = null;
    }
  }

  private synchronized void received(Stream stream, WatchResponse response) {
    if (open != stream) {
      return;
    }
    sink.epoch(response.getHeader().getRaftTerm());
    if (response.getCompactRevision() > 0) {
      logger.warn(
          "the feed was at revision {}, which is compacted; going on at {}",
          sink.revision(),
          response.getCompactRevision());
      sink.skip(response.getCompactRevision() - 1);
      stream.call.cancel("the start is compacted", null);
    } else if (response.getCanceled()) {
      stream.call.cancel("the watch was cancelled", null);
    } else if (response.getEventsCount() > 0) {
      sink.publish(FeedEvents.revisions(response.getEventsList()));
    } else if (!response.getCreated()) {
      sink.advance(response.getHeader().getRevision());
    }
    stream.call.request(1);
  }

  private synchronized void ended(Stream stream, Status status) {
    if (open != stream) {
      return;
    }
    logger.debug("the feed ended: {}", status);
    open = null;
    if (!closed) {
      openLater();
    }
  }

  private final class Stream extends ClientCall.Listener<WatchResponse> {
    private final ClientCall<WatchRequest, WatchResponse> call;

    Stream(ClientCall<WatchRequest, WatchResponse> call) {
      this.call = call;
    }

    void start(long from) {
      call.start(this, new Metadata());
      call.sendMessage(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(ALL_KEYS)
                      .setRangeEnd(ALL_KEYS)
                      .setStartRevision(from)
                      .setPrevKv(true))
              .build());
      call.sendMessage(
          WatchRequest.newBuilder()
              .setProgressRequest(WatchProgressRequest.getDefaultInstance())
              .build());
      call.request(1);
    }

    @Override
    public void onMessage(WatchResponse response) {
      received(this, response);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended(this, status);
    }
  }
}
