// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Revisions as bytes in a ring, oldest out first. For one thread at a time. */
final class PackedRevisions {
  /*
   * Objects that live for a while and then die are what a generational collector handles worst: each is
   * copied into the old generation only to become garbage there. So what is kept of the past is copied
   * once, into blocks that are made when they are first needed and never given up.
   *
   * A position counts the bytes that were ever written; modulo the capacity it is a place in the blocks.
   * Of a revision the bytes of its events are stored one after the other, each behind a prefix:
   *
   *     whether it is a delete (1)  length without the version before (4)  length of the bytes (4)
   *
   * Invariants:
   *  1. What is stored lies between the positions start and end, and end - start is at most the capacity.
   *  2. places holds, for each revision stored, oldest first, its number and the position behind it.
   */

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int BLOCK_BYTES = 1 << 18;
  private static final int LENGTH_AT = 1;
  private static final int BYTES_AT = LENGTH_AT + Integer.BYTES;
  private static final int PREFIX_BYTES = BYTES_AT + Integer.BYTES;

  private final byte[] @Nullable [] blocks;
  private final long capacity;
  private final RevisionPlaces places = new RevisionPlaces();
  private final byte[] prefix = new byte[PREFIX_BYTES];
  private long start;
  private long end;

  /**
   * An empty ring.
   *
   * @param bytes how many it holds, at least 1
   */
  PackedRevisions(long bytes) {
    this.blocks = new byte[Math.toIntExact((bytes + BLOCK_BYTES - 1) / BLOCK_BYTES)][];
    this.capacity = bytes;
  }

  /** How many revisions are stored. */
  int size() {
    return places.size();
  }

  /** The number of a revision, counted from the oldest. */
  long number(int index) {
    return places.number(index);
  }

  /** The index of the first revision at or above a number, or the size. */
  int indexOf(long number) {
    return places.indexOf(number);
  }

  /** Forgets the oldest revision. */
  void removeFirst() {
    start = places.end(0);
    places.removeFirst();
  }

  /**
   * Stores a revision above all others, and forgets as many of the oldest ones as are in the way.
   *
   * @return the number of the newest revision that is not stored, because it was forgotten or is
   *     itself larger than the ring; 0 if there is none
   */
  long add(EncodedRevision revision) {
    long bytes = 0;
    for (EncodedEvent event : revision.events()) {
      bytes += PREFIX_BYTES + event.length(true);
    }
    long forgotten = 0;
    while (places.size() > 0 && end - start + bytes > capacity) {
      forgotten = places.number(0);
      removeFirst();
    }
    if (bytes > capacity) {
      return revision.number();
    }
    for (EncodedEvent event : revision.events()) {
      write(event);
    }
    places.add(revision.number(), end);
    return forgotten;
  }

  private void write(EncodedEvent event) {
    prefix[0] = (byte) (event.isDelete() ? 1 : 0);
    INT.set(prefix, LENGTH_AT, event.length(false));
    INT.set(prefix, BYTES_AT, event.length(true));
    write(prefix, PREFIX_BYTES);
    write(event.bytes(), event.length(true));
  }

  private void write(byte[] source, int length) {
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, contiguous(end));
      System.arraycopy(source, done, block(end), offset(end), part);
      done += part;
      end += part;
    }
  }

  private int offset(long position) {
    return (int) (position % capacity % BLOCK_BYTES);
  }

  /** How many bytes lie together from a position on. */
  private int contiguous(long position) {
    return (int) Math.min(BLOCK_BYTES - offset(position), capacity - position % capacity);
  }

  private byte[] block(long position) {
    int index = (int) (position % capacity / BLOCK_BYTES);
    byte[] block = blocks[index];
    if (block == null) {
      block = new byte[BLOCK_BYTES];
      blocks[index] = block;
    }
    return block;
  }

  /** A stored revision, copied out of the ring. */
  EncodedRevision get(int index) {
    long number = places.number(index);
    long position = index == 0 ? start : places.end(index - 1);
    List<EncodedEvent> events = new ArrayList<>(1);
    while (position < places.end(index)) {
      read(position, prefix);
      position += PREFIX_BYTES;
      byte[] bytes = new byte[(int) INT.get(prefix, BYTES_AT)];
      read(position, bytes);
      position += bytes.length;
      int length = (int) INT.get(prefix, LENGTH_AT);
      events.add(EncodedEvent.of(number, prefix[0] != 0, length, bytes));
    }
    return EncodedRevision.of(number, events);
  }

  private void read(long position, byte[] target) {
    int done = 0;
    while (done < target.length) {
      long from = position + done;
      int part = Math.min(target.length - done, contiguous(from));
      System.arraycopy(block(from), offset(from), target, done, part);
      done += part;
    }
  }
}
