// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Random values of one size, cut out of one pool of random bytes, so that a value costs the client
 * nothing and does not compress. Safe for all threads.
 */
public final class Values {
  /** Far more than the window in which a compressor looks for repetitions. */
  private static final int POOL_BYTES = 4 << 20;

  private final byte[] pool = new byte[POOL_BYTES];
  private final ByteString view = UnsafeByteOperations.unsafeWrap(pool);
  private final int size;

  /**
   * Fills the pool.
   *
   * @param size bytes of every value, from 8 to 1,500,000
   */
  public Values(int size, RandomGenerator random) {
    this.size = size;
    random.nextBytes(pool);
  }

  /** Bytes of every value. */
  public int size() {
    return size;
  }

  /** A value for an index; different ones for different indexes, as far as there are any. */
  public ByteString value(long index) {
    int offset = offset(index);
    return view.substring(offset, offset + size);
  }

  /** The value for an index with its first eight bytes replaced, most significant first. */
  public ByteString stamped(long index, long stamp) {
    byte[] value = new byte[size];
    System.arraycopy(pool, offset(index), value, 0, size);
    ByteBuffer.wrap(value).putLong(stamp);
    return UnsafeByteOperations.unsafeWrap(value);
  }

  private int offset(long index) {
    return (int) Long.remainderUnsigned(Spread.mix(index), POOL_BYTES - size);
  }
}
