// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Varints;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An etcdserverpb.RangeResponse that is written straight from stored rows. Immutable; the arrays of
 * keys and rows are shared.
 */
final class RangeMessage implements EncodedMessage {
  /*
   * The bytes are those that protobuf would write: header (1), kvs (2), more (3), count (4), fields
   * that are zero left out. A key-value is its key field and the bytes of its row, which are the
   * rest of the mvccpb.KeyValue already. So a list costs one copy, from the rows into the transport.
   *
   * Wrapped, it is an etcdserverpb.RangeStreamResponse, which has a RangeResponse as field 1.
   */

  private static final int HEADER_TAG = 1 << 3 | 2;
  private static final int KEY_VALUE_TAG = 2 << 3 | 2;
  private static final int MORE_TAG = 3 << 3;
  private static final int COUNT_TAG = 4 << 3;
  private static final int KEY_TAG = 1 << 3 | 2;
  private static final int CHUNK_TAG = 1 << 3 | 2;
  private static final int BUFFER_BYTES = 4096;

  private final byte @Nullable [] header;
  private final List<KeyValue> keyValues;
  private final boolean more;
  private final long count;
  private final long innerSize;
  private final boolean chunk;

  private RangeMessage(
      @Nullable ResponseHeader header,
      List<KeyValue> keyValues,
      boolean more,
      long count,
      boolean chunk) {
    this.header = header == null ? null : header.toByteArray();
    this.keyValues = keyValues;
    this.more = more;
    this.count = count;
    this.chunk = chunk;
    this.innerSize = computeInnerSize();
  }

  /** The answer to a range. */
  static RangeMessage of(ResponseHeader header, RangeResult result) {
    return new RangeMessage(header, result.keyValues(), result.more(), result.count(), false);
  }

  /** A chunk of a streamed range that others follow: only key-values. */
  static RangeMessage chunk(List<KeyValue> keyValues) {
    return new RangeMessage(null, keyValues, false, 0, true);
  }

  /** The last chunk of a streamed range. */
  static RangeMessage lastChunk(
      ResponseHeader header, List<KeyValue> keyValues, boolean more, long count) {
    return new RangeMessage(header, keyValues, more, count, true);
  }

  /** The bytes of a list of key-values inside an answer. */
  static long size(List<KeyValue> keyValues) {
    long size = 0;
    for (KeyValue keyValue : keyValues) {
      long entry = entrySize(keyValue);
      size += 1 + Varints.size(entry) + entry;
    }
    return size;
  }

  @Override
  public long size() {
    return chunk ? 1 + Varints.size(innerSize) + innerSize : innerSize;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Writer writer = new Writer(out);
    if (chunk) {
      writer.field(CHUNK_TAG, innerSize);
    }
    byte[] headerBytes = header;
    if (headerBytes != null) {
      writer.field(HEADER_TAG, headerBytes.length);
      writer.bytes(headerBytes);
    }
    for (KeyValue keyValue : keyValues) {
      byte[] key = keyValue.key().bytes();
      writer.field(KEY_VALUE_TAG, entrySize(keyValue));
      writer.field(KEY_TAG, key.length);
      writer.bytes(key);
      writer.bytes(keyValue.row().bytes());
    }
    if (more) {
      writer.field(MORE_TAG, 1);
    }
    if (count != 0) {
      writer.field(COUNT_TAG, count);
    }
    writer.flush();
  }

  private long computeInnerSize() {
    byte[] headerBytes = header;
    long size =
        headerBytes == null ? 0 : 1L + Varints.size(headerBytes.length) + headerBytes.length;
    return size + size(keyValues) + (more ? 2 : 0) + (count == 0 ? 0 : 1 + Varints.size(count));
  }

  private static long entrySize(KeyValue keyValue) {
    int key = keyValue.key().bytes().length;
    return 1L + Varints.size(key) + key + keyValue.row().bytes().length;
  }

  /** Collects small pieces, so that the transport is not called for each of them. */
  private static final class Writer {
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    Writer(OutputStream out) {
      this.out = out;
    }

    void field(int tag, long number) throws IOException {
      if (BUFFER_BYTES - filled < 1 + 10) {
        flush();
      }
      filled = Varints.write(buffer, filled, tag);
      filled = Varints.write(buffer, filled, number);
    }

    void bytes(byte[] bytes) throws IOException {
      if (bytes.length > BUFFER_BYTES - filled) {
        flush();
      }
      if (bytes.length > BUFFER_BYTES) {
        out.write(bytes);
        return;
      }
      System.arraycopy(bytes, 0, buffer, filled, bytes.length);
      filled += bytes.length;
    }

    void flush() throws IOException {
      out.write(buffer, 0, filled);
      filled = 0;
    }
  }
}
