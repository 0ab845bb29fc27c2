// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Varints;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An event in the form in which it goes to every watcher: the protobuf encoding of etcd's
 * mvccpb.Event. Encoded when somebody asks for the bytes first, then shared. Thread-safe.
 */
public final class EncodedEvent {
  /*
   * The fields are written in the order type (1), kv (2), prev_kv (3), the first one only for a
   * delete. So the form without prev_kv is a prefix of the form with it, and one array serves
   * watchers of both kinds. A key-value is its key field followed by the bytes of the row.
   *
   * The form is the event until it was encoded, and the bytes from then on, so that nothing is kept
   * twice. Two threads that encode at the same time make equal arrays; one of them is kept.
   */

  private static final int TYPE_TAG = 1 << 3;
  private static final int DELETE = 1;
  private static final int DELETE_BYTES = 2;
  private static final int KEY_VALUE_TAG = 2 << 3 | 2;
  private static final int PREVIOUS_TAG = 3 << 3 | 2;
  private static final int KEY_TAG = 1 << 3 | 2;

  private final Key key;
  private final long revision;
  private final boolean delete;
  private final int lengthWithoutPrevious;
  private final int lengthWithPrevious;
  private volatile Object form;

  private EncodedEvent(Event event) {
    this.key = event.key();
    this.revision = event.row().modRevision();
    this.delete = event.isDelete();
    this.lengthWithoutPrevious = (delete ? DELETE_BYTES : 0) + fieldSize(key, event.row());
    Row previous = event.previous();
    this.lengthWithPrevious =
        lengthWithoutPrevious + (previous == null ? 0 : fieldSize(key, previous));
    this.form = event;
  }

  private EncodedEvent(
      Key key, long revision, boolean delete, int lengthWithoutPrevious, byte[] bytes) {
    this.key = key;
    this.revision = revision;
    this.delete = delete;
    this.lengthWithoutPrevious = lengthWithoutPrevious;
    this.lengthWithPrevious = bytes.length;
    this.form = bytes;
  }

  /**
   * An event whose bytes are there already.
   *
   * @param length how many of them are the event without the version before
   * @param bytes what {@link #bytes} returned; must not change any more
   */
  static EncodedEvent of(long revision, boolean delete, int length, byte[] bytes) {
    Varints.Reader reader = new Varints.Reader(bytes, delete ? DELETE_BYTES : 0);
    reader.next(); // the tag and the length of the key-value, and the tag of its key
    reader.next();
    reader.next();
    int keyLength = (int) reader.next();
    int keyStart = reader.position();
    Key key = Key.of(Arrays.copyOfRange(bytes, keyStart, keyStart + keyLength));
    return new EncodedEvent(key, revision, delete, length, bytes);
  }

  /** An event that is to be encoded when its bytes are asked for. */
  public static EncodedEvent of(Event event) {
    return new EncodedEvent(event);
  }

  /** The key that changed. */
  public Key key() {
    return key;
  }

  /** The revision that changed it. */
  public long revision() {
    return revision;
  }

  /** Whether the key was deleted. */
  public boolean isDelete() {
    return delete;
  }

  /**
   * How many of the bytes to send.
   *
   * @param previous whether the version before is to be sent too
   */
  public int length(boolean previous) {
    return previous ? lengthWithPrevious : lengthWithoutPrevious;
  }

  /**
   * The encoded event with the version before, if there was one; the first {@code length(false)}
   * bytes are the event without it. Must not be changed.
   */
  public byte[] bytes() {
    Object now = form;
    if (now instanceof Event event) {
      byte[] encoded = encode(event);
      form = encoded;
      return encoded;
    }
    return (byte[]) now;
  }

  private byte[] encode(Event event) {
    byte[] bytes = new byte[lengthWithPrevious];
    int at = 0;
    if (delete) {
      at = Varints.write(bytes, at, TYPE_TAG);
      at = Varints.write(bytes, at, DELETE);
    }
    at = writeField(bytes, at, KEY_VALUE_TAG, key, event.row());
    @Nullable Row previous = event.previous();
    if (previous != null) {
      writeField(bytes, at, PREVIOUS_TAG, key, previous);
    }
    return bytes;
  }

  private static int writeField(byte[] target, int start, int tag, Key key, Row row) {
    byte[] keyBytes = key.bytes();
    byte[] rowBytes = row.bytes();
    int at = Varints.write(target, start, tag);
    at = Varints.write(target, at, keyValueSize(key, row));
    at = Varints.write(target, at, KEY_TAG);
    at = Varints.write(target, at, keyBytes.length);
    System.arraycopy(keyBytes, 0, target, at, keyBytes.length);
    at += keyBytes.length;
    System.arraycopy(rowBytes, 0, target, at, rowBytes.length);
    return at + rowBytes.length;
  }

  private static int fieldSize(Key key, Row row) {
    int size = keyValueSize(key, row);
    return 1 + Varints.size(size) + size;
  }

  private static int keyValueSize(Key key, Row row) {
    int keyLength = key.bytes().length;
    return 1 + Varints.size(keyLength) + keyLength + row.bytes().length;
  }
}
