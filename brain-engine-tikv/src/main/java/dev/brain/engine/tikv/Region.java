// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import org.tikv.kvproto.Kvrpcpb.CommandPri;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.kvproto.Metapb;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * A range of keys that one store serves, as it was told last.
 *
 * @param meta its number, epoch and replicas; its bounds are encoded
 * @param start its first key
 * @param end the first key behind it; empty if there is none
 * @param leader the replica that serves it
 * @param address where that replica's store is, {@code host:port}
 */
record Region(
    Metapb.Region meta, ByteString start, ByteString end, Metapb.Peer leader, String address) {

  /** Whether a key lies in this region. */
  boolean contains(ByteString key) {
    return Keyspace.ORDER.compare(key, start) >= 0 && isBelowEnd(key);
  }

  /** Whether this region ends behind a key. */
  boolean isBelowEnd(ByteString key) {
    return end.isEmpty() || Keyspace.ORDER.compare(key, end) < 0;
  }

  /** The lesser of this region's end and a bound, which is not empty. */
  ByteString endAtMost(ByteString bound) {
    return isBelowEnd(bound) ? bound : end;
  }

  /** The greater of this region's start and a bound. */
  ByteString startAtLeast(ByteString bound) {
    return Keyspace.ORDER.compare(start, bound) > 0 ? start : bound;
  }

  /** What a request to this region begins with. */
  Context.Builder context() {
    return Context.newBuilder()
        .setRegionId(meta.getId())
        .setRegionEpoch(meta.getRegionEpoch())
        .setPeer(leader)
        .setPriority(CommandPri.High);
  }
}
