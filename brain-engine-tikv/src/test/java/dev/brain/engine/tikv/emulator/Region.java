// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.tikv.kvproto.Metapb;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * Keys that are written together, from {@code start} to before {@code end} (empty: to the last).
 * Every store has a copy, so that each may become its leader.
 *
 * @param version raised by each split
 * @param leader the store that answers for it
 */
record Region(long id, long version, ByteString start, ByteString end, int leader, int stores) {
  private static final Comparator<ByteString> ORDER =
      ByteString.unsignedLexicographicalComparator();

  boolean contains(ByteString key) {
    return ORDER.compare(key, start) >= 0 && (end.isEmpty() || ORDER.compare(key, end) < 0);
  }

  /** True if it begins at or behind the key; an empty key has nothing behind it. */
  boolean isFrom(ByteString key) {
    return !key.isEmpty() && ORDER.compare(start, key) >= 0;
  }

  /** The later of the key and the region's start. */
  ByteString later(ByteString key) {
    return ORDER.compare(key, start) < 0 ? start : key;
  }

  /** The earlier of the key (empty: behind all) and the region's end. */
  ByteString earlier(ByteString key) {
    if (key.isEmpty() || end.isEmpty()) {
      return key.isEmpty() ? end : key;
    }
    return ORDER.compare(key, end) < 0 ? key : end;
  }

  Region led(int newLeader) {
    return new Region(id, version, start, end, newLeader, stores);
  }

  /** The part before the key, as a region of its own. */
  Region left(long newId, ByteString key) {
    return new Region(newId, version + 1, start, key, leader, stores);
  }

  /** What remains from the key on; it keeps the id, as with TiKV's usual settings. */
  Region right(ByteString key) {
    return new Region(id, version + 1, key, end, leader, stores);
  }

  Metapb.Peer peer(int store) {
    return Metapb.Peer.newBuilder().setId(id * 100 + store).setStoreId(store).build();
  }

  Metapb.Peer leaderPeer() {
    return peer(leader);
  }

  Metapb.Region meta() {
    return Metapb.Region.newBuilder()
        .setId(id)
        .setStartKey(KeyCodec.encode(start))
        .setEndKey(KeyCodec.encode(end))
        .setRegionEpoch(Metapb.RegionEpoch.newBuilder().setConfVer(1).setVersion(version))
        .addAllPeers(IntStream.rangeClosed(1, stores).mapToObj(this::peer).toList())
        .build();
  }
}
