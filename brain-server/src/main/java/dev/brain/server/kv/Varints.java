// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

/**
 * Protobuf's variable-length integers (little-endian groups of seven bits); negative numbers take
 * ten bytes.
 */
public final class Varints {
  private Varints() {}

  /** The bytes that a number takes, 1 to 10. */
  public static int size(long number) {
    return (Long.SIZE - Long.numberOfLeadingZeros(number | 1) + 6) / 7;
  }

  /**
   * Writes a number.
   *
   * @return the index behind the last byte written
   */
  public static int write(byte[] target, int at, long number) {
    int index = at;
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      target[index++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[index++] = (byte) rest;
    return index;
  }

  /** Reads numbers one after another. For one thread. */
  public static final class Reader {
    private final byte[] bytes;
    private int position;

    /** A reader that starts at an index. */
    public Reader(byte[] bytes, int position) {
      this.bytes = bytes;
      this.position = position;
    }

    /** The index of the next byte to read. */
    public int position() {
      return position;
    }

    /** Leaves out some bytes. Throws IndexOutOfBoundsException if there are not as many. */
    public void skip(int length) {
      if (length < 0 || length > bytes.length - position) {
        throw new IndexOutOfBoundsException("skip of " + length + " bytes");
      }
      position += length;
    }

    /** Reads the next number. Throws IndexOutOfBoundsException at the end or on an overlong one. */
    public long next() {
      long number = 0;
      for (int shift = 0; shift < 70; shift += 7) {
        byte group = bytes[position++];
        number |= (long) (group & 0x7f) << shift;
        if (group >= 0) {
          return number;
        }
      }
      throw new IndexOutOfBoundsException("number of more than 10 bytes");
    }
  }
}
