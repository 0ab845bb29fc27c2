// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import java.util.Arrays;

/**
 * One version of a key, without the key: revisions, version, lease and value in their stored form.
 * Immutable; the arrays are shared, not copied.
 */
public final class Row {
  /*
   * The stored form.
   *
   * A row is, byte for byte, the protobuf encoding of etcd's mvccpb.KeyValue with the key field left
   * out: create_revision (2), mod_revision (3), version (4), value (5), lease (6), fields with the
   * value zero or empty omitted, in this order. Since the key is field 1, a listed key-value is
   * written to the wire as its key field followed by these bytes, with no parse and one copy.
   *
   * A tombstone has a mod_revision and nothing else. A live row always has a create_revision, so the
   * first byte tells them apart.
   *
   * Invariants:
   *  1. mod_revision is at least 1. A live row has create_revision and version of at least 1.
   *  2. The numbers stand before the value, so that a prefix of REVISIONS_BYTES bytes is enough to
   *     know create and mod revision of any row.
   */

  /** Enough bytes from the start of a row to read its create and mod revision. */
  public static final int REVISIONS_BYTES = 22;

  private static final int CREATE_TAG = 2 << 3;
  private static final int MOD_TAG = 3 << 3;
  private static final int VERSION_TAG = 4 << 3;
  private static final int VALUE_TAG = 5 << 3 | 2;
  private static final int LEASE_TAG = 6 << 3;
  private static final byte[] EMPTY = {};

  private final byte[] bytes;
  private final long createRevision;
  private final long modRevision;
  private final long version;
  private final long lease;
  private final int valueField;
  private final int valueOffset;
  private final int valueLength;

  private Row(byte[] bytes) {
    this.bytes = bytes;
    long create = 0;
    long mod = 0;
    long count = 0;
    long leaseId = 0;
    int field = 0;
    int offset = 0;
    int length = 0;
    Varints.Reader reader = new Varints.Reader(bytes, 0);
    long last = 0;
    while (reader.position() < bytes.length) {
      int start = reader.position();
      long tag = reader.next();
      if (tag <= last || tag > LEASE_TAG) {
        throw new IllegalArgumentException(
            "row field tag: " + tag + " (expected: 16, 24, 32, 42 and 48 in this order)");
      }
      last = tag;
      switch ((int) tag) {
        case CREATE_TAG -> create = reader.next();
        case MOD_TAG -> mod = reader.next();
        case VERSION_TAG -> count = reader.next();
        case LEASE_TAG -> leaseId = reader.next();
        case VALUE_TAG -> {
          field = start;
          long stored = reader.next();
          length = Math.clamp(stored, -1, Integer.MAX_VALUE);
          offset = reader.position();
          reader.skip(length);
        }
        default ->
            throw new IllegalArgumentException(
                "row field tag: " + tag + " (expected: 16, 24, 32, 42 or 48)");
      }
    }
    boolean live = create > 0 && count > 0;
    boolean deleted = create == 0 && count == 0 && field == 0 && leaseId == 0;
    if (mod <= 0 || !(live || deleted)) {
      throw new IllegalArgumentException(
          "row: create "
              + create
              + ", mod "
              + mod
              + ", version "
              + count
              + " (expected: all above 0, or a mod revision and nothing else)");
    }
    this.createRevision = create;
    this.modRevision = mod;
    this.version = count;
    this.lease = leaseId;
    this.valueField = field;
    this.valueOffset = offset;
    this.valueLength = length;
  }

  /**
   * A live version.
   *
   * @param value the value; copied
   */
  public static Row live(
      long createRevision, long modRevision, long version, long lease, byte[] value) {
    int size =
        1
            + Varints.size(createRevision)
            + 1
            + Varints.size(modRevision)
            + 1
            + Varints.size(version)
            + (value.length == 0 ? 0 : 1 + Varints.size(value.length) + value.length)
            + (lease == 0 ? 0 : 1 + Varints.size(lease));
    byte[] bytes = new byte[size];
    int at = Varints.write(bytes, 0, CREATE_TAG);
    at = Varints.write(bytes, at, createRevision);
    at = Varints.write(bytes, at, MOD_TAG);
    at = Varints.write(bytes, at, modRevision);
    at = Varints.write(bytes, at, VERSION_TAG);
    at = Varints.write(bytes, at, version);
    if (value.length > 0) {
      at = Varints.write(bytes, at, VALUE_TAG);
      at = Varints.write(bytes, at, value.length);
      System.arraycopy(value, 0, bytes, at, value.length);
      at += value.length;
    }
    if (lease != 0) {
      at = Varints.write(bytes, at, LEASE_TAG);
      Varints.write(bytes, at, lease);
    }
    return new Row(bytes);
  }

  /** The mark that a key was deleted at {@code modRevision}. */
  public static Row tombstone(long modRevision) {
    byte[] bytes = new byte[1 + Varints.size(modRevision)];
    Varints.write(bytes, Varints.write(bytes, 0, MOD_TAG), modRevision);
    return new Row(bytes);
  }

  /**
   * Reads a stored row.
   *
   * @param bytes the stored form, which must not change any more
   * @throws IllegalArgumentException if the bytes are no row
   */
  public static Row decode(byte[] bytes) {
    try {
      return new Row(bytes);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("row of " + bytes.length + " bytes is cut short", e);
    }
  }

  /**
   * The mod revision of a row of which only the beginning is at hand.
   *
   * @param prefix the first bytes of the stored form, {@link #REVISIONS_BYTES} or all there are
   * @param length the length of the whole stored form
   * @throws IllegalArgumentException if the bytes are no row
   */
  public static long modRevision(byte[] prefix, int length) {
    try {
      Varints.Reader reader = new Varints.Reader(prefix, 0);
      int tag = (int) reader.next();
      if (tag == CREATE_TAG) {
        reader.next();
        tag = (int) reader.next();
      }
      if (tag == MOD_TAG) {
        long mod = reader.next();
        if (mod > 0 && reader.position() <= length) {
          return mod;
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("row of " + length + " bytes is cut short", e);
    }
    throw new IllegalArgumentException("row of " + length + " bytes has no mod revision");
  }

  /** Whether a row of which only the beginning is at hand is a tombstone. */
  public static boolean isTombstone(byte[] prefix) {
    return prefix[0] == MOD_TAG;
  }

  /** The stored form; must not be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Whether this marks a deletion. A tombstone has no create revision, version, lease or value. */
  public boolean isTombstone() {
    return version == 0;
  }

  /** The revision of the put that created the key; 0 for a tombstone. */
  public long createRevision() {
    return createRevision;
  }

  /** The revision that wrote this version. */
  public long modRevision() {
    return modRevision;
  }

  /** How many puts the key had since it was created, counting this one; 0 for a tombstone. */
  public long version() {
    return version;
  }

  /** The id of the lease the key is attached to, or 0. */
  public long lease() {
    return lease;
  }

  /** The value, as a new array; empty for a tombstone. */
  public byte[] value() {
    return valueLength == 0
        ? EMPTY
        : Arrays.copyOfRange(bytes, valueOffset, valueOffset + valueLength);
  }

  /** The number of bytes of the value. */
  public int valueLength() {
    return valueLength;
  }

  /** Where the value starts in {@link #bytes()}; meaningless if it is empty. */
  public int valueOffset() {
    return valueOffset;
  }

  /** Compares this value with another one as unsigned bytes. */
  public int compareValue(byte[] other) {
    return Arrays.compareUnsigned(
        bytes, valueOffset, valueOffset + valueLength, other, 0, other.length);
  }

  /** Compares two values as unsigned bytes. */
  public int compareValue(Row other) {
    return Arrays.compareUnsigned(
        bytes,
        valueOffset,
        valueOffset + valueLength,
        other.bytes,
        other.valueOffset,
        other.valueOffset + other.valueLength);
  }

  /** This version with an empty value: what a list of keys shows. */
  public Row withoutValue() {
    if (valueLength == 0) {
      return this;
    }
    byte[] shortened = new byte[bytes.length - (valueOffset + valueLength - valueField)];
    System.arraycopy(bytes, 0, shortened, 0, valueField);
    int behind = valueOffset + valueLength;
    System.arraycopy(bytes, behind, shortened, valueField, bytes.length - behind);
    return new Row(shortened);
  }

  /** The revisions only; never the value, which may be secret. */
  @Override
  public String toString() {
    return "Row[create=" + createRevision + ", mod=" + modRevision + ", version=" + version + "]";
  }
}
