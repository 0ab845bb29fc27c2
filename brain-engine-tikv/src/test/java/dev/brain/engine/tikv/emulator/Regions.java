// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Errorpb;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * How the keys are cut, and who leads. PD and the stores have the same view at every time. Guarded
 * by the cluster.
 *
 * <p>Invariant: each key is in exactly one region.
 */
final class Regions {
  private final NavigableMap<ByteString, Region> byStart =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());
  private final Map<Long, Region> byId = new HashMap<>();
  private final int stores;
  private long lastId = 1;

  Regions(int stores) {
    this.stores = stores;
    put(new Region(lastId, 1, ByteString.EMPTY, ByteString.EMPTY, 1, stores));
  }

  Region of(ByteString key) {
    return byStart.floorEntry(key).getValue();
  }

  @Nullable Region byId(long id) {
    return byId.get(id);
  }

  @Nullable Region before(Region region) {
    var entry = byStart.lowerEntry(region.start());
    return entry == null ? null : entry.getValue();
  }

  /** The region of the first key and those behind it, in order. */
  Collection<Region> from(ByteString key) {
    return byStart.tailMap(byStart.floorKey(key), true).values();
  }

  Collection<Region> all() {
    return byStart.values();
  }

  /**
   * The new region, left of the key, is led by the next store in turn. Nothing happens at a bound.
   */
  void split(ByteString key) {
    Region whole = of(key);
    if (!whole.start().equals(key)) {
      lastId++;
      put(whole.right(key));
      put(whole.left(lastId, key).led((int) (lastId % stores) + 1));
    }
  }

  void lead(Region region, int store) {
    if (store < 1 || store > stores) {
      throw new IllegalArgumentException("store " + store + " is none of 1 to " + stores);
    }
    put(region.led(store));
  }

  /** Why the store does not answer a request, or null; in the order in which TiKV checks. */
  Errorpb.@Nullable Error refusal(Context context, int store, Collection<ByteString> keys) {
    if (context.getPeer().getStoreId() != store) {
      return RegionErrors.storeNotMatch(context.getPeer().getStoreId(), store);
    }
    Region region = byId.get(context.getRegionId());
    if (region == null) {
      return RegionErrors.regionNotFound(context.getRegionId());
    }
    if (region.leader() != store) {
      return RegionErrors.notLeader(region, true);
    }
    if (context.getRegionEpoch().getVersion() != region.version()) {
      return RegionErrors.epochNotMatch(withNeighbours(region));
    }
    for (ByteString key : keys) {
      if (!region.contains(key)) {
        return RegionErrors.keyNotInRegion(key, region);
      }
    }
    return null;
  }

  List<Region> withNeighbours(Region region) {
    List<Region> near = new ArrayList<>(List.of(region));
    Region before = before(region);
    if (before != null) {
      near.add(before);
    }
    if (!region.end().isEmpty()) {
      near.add(of(region.end()));
    }
    return near;
  }

  private void put(Region region) {
    byStart.put(region.start(), region);
    byId.put(region.id(), region);
  }
}
