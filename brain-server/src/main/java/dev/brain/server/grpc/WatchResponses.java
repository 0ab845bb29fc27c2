// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.server.event.EncodedEvent;
import dev.brain.server.kv.Failure;
import dev.brain.server.watch.CreateOutcome;
import dev.brain.server.watch.WatchBatch;
import dev.brain.server.watch.WatchSink;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The answering side of a watch stream, and the only one that writes to it. All methods are called
 * in the executor of the session.
 */
final class WatchResponses implements WatchSink {
  private static final String EMPTY_RANGE = "mvcc: watcher range is empty";
  private static final String DUPLICATE_ID = "mvcc: duplicate watch ID provided on the WatchStream";

  private final ServerCall<WatchRequest, WatchMessage> call;
  private final LongFunction<ResponseHeader> headers;
  private final long fragmentBytes;

  /**
   * @param headers makes a header that carries a revision
   * @param fragmentBytes a message that may be split is, if it would have so many bytes or more
   */
  WatchResponses(
      ServerCall<WatchRequest, WatchMessage> call,
      LongFunction<ResponseHeader> headers,
      long fragmentBytes) {
    this.call = call;
    this.headers = headers;
    this.fragmentBytes = fragmentBytes;
  }

  /** Answers a create request. */
  void created(CreateOutcome outcome) {
    ResponseHeader header = headers.apply(outcome.revision());
    switch (outcome) {
      case CreateOutcome.Created created ->
          call.sendMessage(WatchMessage.created(header, created.id()));
      case CreateOutcome.Compacted compacted -> {
        // Never both in one message: clients would take it for a watch that lives.
        call.sendMessage(WatchMessage.created(header, compacted.id()));
        compacted(compacted.id(), compacted.compactRevision());
      }
      case CreateOutcome.Refused refused ->
          call.sendMessage(WatchMessage.refused(header, text(refused.reason())));
    }
  }

  /** Answers a cancel request. */
  void canceled(long watchId, long revision) {
    call.sendMessage(WatchMessage.canceled(headers.apply(revision), watchId));
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public void events(WatchBatch batch) {
    ResponseHeader header = headers.apply(batch.revision());
    WatchMessage whole =
        WatchMessage.events(
            header, batch.watchId(), batch.events(), batch.previous(), /* fragment= */ false);
    if (!batch.fragment() || whole.size() < fragmentBytes || batch.events().size() < 2) {
      call.sendMessage(whole);
      return;
    }
    sendFragments(batch, header);
  }

  @Override
  public void progress(long watchId, long revision) {
    call.sendMessage(WatchMessage.progress(headers.apply(revision), watchId));
  }

  @Override
  public void compacted(long watchId, long compactRevision) {
    call.sendMessage(WatchMessage.compacted(headers.apply(0), watchId, compactRevision));
  }

  @Override
  public void stopped() {
    end(EtcdStatus.STOPPED);
  }

  @Override
  public void failed(Failure failure) {
    end(failure instanceof Failure.Stopped ? EtcdStatus.STOPPED : EtcdStatus.UNHEALTHY);
  }

  /** Ends the stream with a status that is UNAVAILABLE: clients open another one and go on. */
  private void end(EtcdStatus status) {
    call.close(status.status(), new Metadata());
  }

  /** Sends as many events in a message as stay below the limit, and at least one. */
  private void sendFragments(WatchBatch batch, ResponseHeader header) {
    List<EncodedEvent> events = batch.events();
    long empty =
        WatchMessage.events(header, batch.watchId(), List.of(), batch.previous(), true).size();
    int from = 0;
    while (from < events.size()) {
      int to = from;
      long size = empty;
      do {
        size += WatchMessage.sizeOf(events.get(to), batch.previous());
        to++;
      } while (to < events.size()
          && size + WatchMessage.sizeOf(events.get(to), batch.previous()) < fragmentBytes);
      call.sendMessage(
          WatchMessage.events(
              header,
              batch.watchId(),
              events.subList(from, to),
              batch.previous(),
              to < events.size()));
      from = to;
    }
  }

  private static String text(CreateOutcome.Reason reason) {
    return switch (reason) {
      case NEGATIVE_START -> EtcdStatus.COMPACTED.text();
      case EMPTY_RANGE -> EMPTY_RANGE;
      case DUPLICATE_ID -> DUPLICATE_ID;
      case TOO_MANY_WATCHES -> EtcdStatus.TOO_MANY_REQUESTS.text();
    };
  }
}
