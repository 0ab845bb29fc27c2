// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.tikv.common.codec.Codec.BytesCodec;
import org.tikv.common.codec.CodecDataInput;
import org.tikv.common.codec.CodecDataOutput;
import org.tikv.kvproto.Metapb;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * Knows which region holds a key and who leads it. What it knows may be old: then the store refuses
 * the request, and the region is forgotten and asked for again. Thread-safe.
 */
final class Regions {
  /*
   * The cache holds regions by their first key. Old and new ones may overlap; a key belongs to the
   * nearest that begins at or below it, if that contains it. A wrong guess costs one refused request,
   * since a store compares the region's epoch. There are never more entries than first keys of
   * regions.
   */
  private static final int PAGE = 1_024;

  private final PlacementDriver driver;
  private final ConcurrentNavigableMap<ByteString, Region> cache =
      new ConcurrentSkipListMap<>(Keyspace.ORDER);
  private final Map<Long, String> addresses = new ConcurrentHashMap<>();

  Regions(PlacementDriver driver) {
    this.driver = driver;
  }

  /** The region that holds a key. */
  Region locate(ByteString key, Budget budget) {
    for (int tries = 1; ; tries++) {
      Map.Entry<ByteString, Region> nearest = cache.floorEntry(key);
      if (nearest != null && nearest.getValue().contains(key)) {
        return nearest.getValue();
      }
      Region found = ask(key, budget);
      if (found != null) {
        cache.put(found.start(), found);
        return found;
      }
      if (budget.isSpent()) {
        throw new EngineException.Unavailable("a region has no leader", null);
      }
      budget.pause(tries);
    }
  }

  /** The region that holds the greatest key below a bound. */
  Region locateBelow(ByteString bound, Budget budget) {
    // There is no greatest key below most bounds. So this begins at a key close below and walks up.
    Region region = locate(closeBelow(bound), budget);
    while (!region.end().isEmpty() && Keyspace.ORDER.compare(region.end(), bound) < 0) {
      region = locate(region.end(), budget);
    }
    return region;
  }

  private static ByteString closeBelow(ByteString bound) {
    int last = bound.size() - 1;
    byte[] bytes = bound.toByteArray();
    if (bytes[last] == 0) {
      return bound.substring(0, last);
    }
    bytes[last]--;
    return ByteString.copyFrom(bytes).concat(ByteString.copyFrom(new byte[] {-1, -1, -1, -1}));
  }

  private @Nullable Region ask(ByteString key, Budget budget) {
    Pdpb.GetRegionResponse answer =
        driver.ask(
            PlacementDriver.REGION,
            header ->
                Pdpb.GetRegionRequest.newBuilder()
                    .setHeader(header)
                    .setRegionKey(encode(key))
                    .build(),
            budget);
    if (!answer.hasRegion() || answer.getLeader().getStoreId() == 0) {
      return null;
    }
    return region(answer.getRegion(), answer.getLeader(), budget);
  }

  private Region region(Metapb.Region meta, Metapb.Peer leader, Budget budget) {
    return new Region(
        meta,
        decode(meta.getStartKey()),
        decode(meta.getEndKey()),
        leader,
        address(leader.getStoreId(), budget));
  }

  private String address(long store, Budget budget) {
    String known = addresses.get(store);
    if (known != null) {
      return known;
    }
    String told =
        driver
            .ask(
                PlacementDriver.STORE,
                header ->
                    Pdpb.GetStoreRequest.newBuilder().setHeader(header).setStoreId(store).build(),
                budget)
            .getStore()
            .getAddress();
    addresses.put(store, told);
    return told;
  }

  /** Takes note that a region is not as it was, or not where it was. */
  void forget(Region region) {
    cache.remove(region.start(), region);
    addresses.remove(region.leader().getStoreId(), region.address());
  }

  /** Takes note that another replica leads a region. */
  void leads(Region region, Metapb.Peer leader, Budget budget) {
    Region now = region(region.meta(), leader, budget);
    cache.replace(region.start(), region, now);
  }

  /** All regions that have keys of a range, as the placement driver sees them. */
  List<Metapb.Region> list(ByteString start, ByteString end, Budget budget) {
    List<Metapb.Region> all = new ArrayList<>();
    ByteString from = encode(start);
    ByteString to = encode(end);
    while (true) {
      ByteString begin = from;
      List<Metapb.Region> page =
          driver
              .ask(
                  PlacementDriver.REGIONS,
                  header ->
                      Pdpb.ScanRegionsRequest.newBuilder()
                          .setHeader(header)
                          .setStartKey(begin)
                          .setEndKey(to)
                          .setLimit(PAGE)
                          .build(),
                  budget)
              .getRegionMetasList();
      all.addAll(page);
      if (page.size() < PAGE || page.getLast().getEndKey().isEmpty()) {
        return all;
      }
      from = page.getLast().getEndKey();
    }
  }

  /** The form in which the placement driver knows a key. */
  static ByteString encode(ByteString key) {
    if (key.isEmpty()) {
      return key;
    }
    CodecDataOutput output = new CodecDataOutput();
    BytesCodec.writeBytes(output, key.toByteArray());
    return output.toByteString();
  }

  static ByteString decode(ByteString encoded) {
    return encoded.isEmpty()
        ? encoded
        : ByteString.copyFrom(BytesCodec.readBytes(new CodecDataInput(encoded)));
  }
}
