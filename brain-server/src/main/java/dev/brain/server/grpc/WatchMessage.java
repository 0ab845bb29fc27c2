// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.server.event.EncodedEvent;
import dev.brain.server.kv.Varints;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An etcdserverpb.WatchResponse whose events are shared with the messages of other watchers.
 * Immutable.
 */
final class WatchMessage implements EncodedMessage {
  /*
   * The bytes are those that protobuf would write: header (1), watch_id (2), created (3), canceled
   * (4), compact_revision (5), cancel_reason (6), fragment (7), events (11), fields that are zero
   * left out. All but the events make up the head, which is written when the message is made; an
   * event is a tag, a length and bytes that are there already.
   */

  private static final int HEADER_TAG = 1 << 3 | 2;
  private static final int WATCH_ID_TAG = 2 << 3;
  private static final int CREATED_TAG = 3 << 3;
  private static final int CANCELED_TAG = 4 << 3;
  private static final int COMPACT_REVISION_TAG = 5 << 3;
  private static final int CANCEL_REASON_TAG = 6 << 3 | 2;
  private static final int FRAGMENT_TAG = 7 << 3;
  private static final int EVENT_TAG = 11 << 3 | 2;

  private static final int FLAG_BYTES = 2;
  private static final int NUMBER_BYTES = 11;

  /** The watch id of an answer that is about no watch, or about all of them. */
  private static final long NO_WATCH = -1;

  private final byte[] head;
  private final int headSize;
  private final List<EncodedEvent> events;
  private final boolean previous;
  private final long size;

  private WatchMessage(
      byte[] head, int headSize, List<EncodedEvent> events, boolean previous, long size) {
    this.head = head;
    this.headSize = headSize;
    this.events = events;
    this.previous = previous;
    this.size = size;
  }

  /** A watch exists. */
  static WatchMessage created(ResponseHeader header, long watchId) {
    return new Head(header, watchId, 0).flag(CREATED_TAG).message();
  }

  /** A watch was not created. */
  static WatchMessage refused(ResponseHeader header, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return new Head(header, NO_WATCH, NUMBER_BYTES + text.length)
        .flag(CREATED_TAG)
        .flag(CANCELED_TAG)
        .bytes(CANCEL_REASON_TAG, text)
        .message();
  }

  /** A watch was ended as the client wished. */
  static WatchMessage canceled(ResponseHeader header, long watchId) {
    return new Head(header, watchId, 0).flag(CANCELED_TAG).message();
  }

  /** A watch has ended because its history is gone. */
  static WatchMessage compacted(ResponseHeader header, long watchId, long compactRevision) {
    return new Head(header, watchId, NUMBER_BYTES)
        .flag(CANCELED_TAG)
        .number(COMPACT_REVISION_TAG, compactRevision)
        .message();
  }

  /** Everything up to the revision of the header was sent. */
  static WatchMessage progress(ResponseHeader header, long watchId) {
    return new Head(header, watchId, 0).message();
  }

  /**
   * Events.
   *
   * @param previous whether the versions before are sent too
   * @param fragment whether more messages with events of the same batch follow
   */
  static WatchMessage events(
      ResponseHeader header,
      long watchId,
      List<EncodedEvent> events,
      boolean previous,
      boolean fragment) {
    Head head = new Head(header, watchId, 0);
    if (fragment) {
      head.flag(FRAGMENT_TAG);
    }
    long size = head.size;
    for (EncodedEvent event : events) {
      size += sizeOf(event, previous);
    }
    return new WatchMessage(head.bytes, head.size, events, previous, size);
  }

  /** The bytes of an event inside a message. */
  static long sizeOf(EncodedEvent event, boolean previous) {
    int length = event.length(previous);
    return 1L + Varints.size(length) + length;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(head, 0, headSize);
    byte[] between = new byte[1 + NUMBER_BYTES];
    for (EncodedEvent event : events) {
      int length = event.length(previous);
      int filled = Varints.write(between, 0, EVENT_TAG);
      out.write(between, 0, Varints.write(between, filled, length));
      out.write(event.bytes(), 0, length);
    }
  }

  /** The fields before the events. */
  private static final class Head {
    private final byte[] bytes;
    private int size;

    Head(ResponseHeader header, long watchId, int room) {
      byte[] headerBytes = header.toByteArray();
      bytes = new byte[NUMBER_BYTES + headerBytes.length + NUMBER_BYTES + 2 * FLAG_BYTES + room];
      bytes(HEADER_TAG, headerBytes);
      if (watchId != 0) {
        number(WATCH_ID_TAG, watchId);
      }
    }

    Head flag(int tag) {
      return number(tag, 1);
    }

    Head number(int tag, long number) {
      size = Varints.write(bytes, size, tag);
      size = Varints.write(bytes, size, number);
      return this;
    }

    Head bytes(int tag, byte[] value) {
      number(tag, value.length);
      System.arraycopy(value, 0, bytes, size, value.length);
      size += value.length;
      return this;
    }

    WatchMessage message() {
      return new WatchMessage(bytes, size, List.of(), false, size);
    }
  }
}
