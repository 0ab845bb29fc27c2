// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.history.Event;
import dev.brain.conformance.history.Span;
import dev.brain.conformance.history.Watch;
import dev.brain.conformance.history.Watch.Message;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchProgressRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/*
 * Watches everything from revision 1 on, without end: when a stream breaks, another one resumes
 * behind the last revision, on the next node unless the watcher is bound to one. It asks for
 * progress all the time. A stream that has been silent for too long is given up, since its node may
 * stand still. Each stream is recorded as one watch. One thread, beside those of gRPC.
 */
final class Watcher implements Runnable {
  private static final long PROGRESS_MILLIS = 200;
  private static final long PAUSE_MILLIS = 50;
  private static final long SILENT_NANOS = 4_000_000_000L;

  private final Recorder recorder;
  private final List<Node> nodes;
  private final AtomicLong next = new AtomicLong(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** A watcher that goes round {@code nodes}. */
  Watcher(Recorder recorder, List<Node> nodes) {
    this.recorder = recorder;
    this.nodes = nodes;
  }

  /** The last revision that it was told. */
  long told() {
    return next.get() - 1;
  }

  /** Ends it soon. */
  void end() {
    ended.countDown();
  }

  @Override
  public void run() {
    try {
      for (int i = 0; !ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS); i++) {
        Node node = nodes.get(i % nodes.size());
        try (Client client = Client.to(node.server().port())) {
          watch(client, node.name());
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void watch(Client client, String node) {
    Stream stream = new Stream(client);
    long start = next.get();
    stream.call.start(stream, new Metadata());
    stream.call.request(Integer.MAX_VALUE);
    stream.call.sendMessage(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(Requests.bytes("\0"))
                    .setRangeEnd(Requests.bytes("\0"))
                    .setPrevKv(true)
                    .setStartRevision(start))
            .build());
    while (ended.getCount() > 0
        && !stream.awaitEnd()
        && recorder.now() - stream.heard < SILENT_NANOS) {
      stream.call.sendMessage(
          WatchRequest.newBuilder()
              .setProgressRequest(WatchProgressRequest.getDefaultInstance())
              .build());
    }
    stream.call.cancel("resumed elsewhere", null);
    stream.awaitEnd();
    List<Message> messages = stream.messages();
    if (!messages.isEmpty()) {
      recorder.add(new Watch(node, Span.ALL, start, true, messages));
    }
  }

  private final class Stream extends ClientCall.Listener<WatchResponse> {
    private final ClientCall<WatchRequest, WatchResponse> call;
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final List<Message> messages = new ArrayList<>();
    private volatile long heard = recorder.now();
    private boolean given;

    Stream(Client client) {
      call = client.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    }

    @Override
    public void onMessage(WatchResponse response) {
      heard = recorder.now();
      Message message = message(response, heard);
      synchronized (this) {
        if (given) {
          return; // it came behind the end of the record
        }
        messages.add(message);
        note(message);
      }
      if (message instanceof Message.Cancelled) {
        end.complete(Status.OK);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }

    synchronized List<Message> messages() {
      given = true;
      return messages;
    }

    /** Waits a little for the end; says whether it has come. */
    boolean awaitEnd() {
      try {
        end.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException _) {
        return false;
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void note(Message message) {
    switch (message) {
      case Message.Events events -> {
        long last = events.events().getLast().revision();
        next.accumulateAndGet(last + 1, Math::max);
        recorder.watched(last);
      }
      case Message.Cancelled cancelled ->
          next.accumulateAndGet(cancelled.compactRevision(), Math::max);
      case Message.Created _, Message.Progress _ -> {}
    }
  }

  private static Message message(WatchResponse response, long time) {
    long header = response.getHeader().getRevision();
    if (response.getCanceled()) {
      return new Message.Cancelled(time, header, response.getCompactRevision());
    }
    if (response.getCreated()) {
      return new Message.Created(time, header);
    }
    if (response.getEventsCount() == 0) {
      return new Message.Progress(time, header);
    }
    List<Event> events = response.getEventsList().stream().map(Wire::event).toList();
    return new Message.Events(time, header, events);
  }
}
