// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.KeyRange;
import dev.brain.engine.Space;
import dev.brain.engine.Usage;
import java.util.ArrayList;
import java.util.List;
import org.tikv.kvproto.Metapb;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.com.google.protobuf.ByteString;

/** What the placement driver tells about regions and stores. Thread-safe. */
final class Inventory {
  private final PlacementDriver driver;
  private final Regions regions;
  private final Keyspace keyspace;

  Inventory(PlacementDriver driver, Regions regions, Keyspace keyspace) {
    this.driver = driver;
    this.regions = regions;
    this.keyspace = keyspace;
  }

  /** Borders of regions, as {@link dev.brain.engine.Engine#splits} promises them. */
  List<byte[]> splits(Space space, KeyRange range, int parts, Budget budget) {
    if (range.isEmpty() || parts == 1) {
      return List.of();
    }
    ByteString start = keyspace.start(space, range);
    List<ByteString> borders =
        regions.list(start, keyspace.end(space, range), budget).stream()
            .map(region -> Regions.decode(region.getStartKey()))
            .filter(border -> Keyspace.ORDER.compare(border, start) > 0)
            .toList();
    List<byte[]> chosen = new ArrayList<>();
    int pieces = Math.min(parts, borders.size() + 1);
    for (int piece = 1; piece < pieces; piece++) {
      long border = (long) piece * (borders.size() + 1) / pieces - 1;
      chosen.add(keyspace.userKey(borders.get((int) border)));
    }
    return chosen;
  }

  /** The bytes of the keyspace's regions, one replica of each: so many regions of average size. */
  Usage usage(Budget budget) {
    long used = 0;
    long replicas = 0;
    for (Metapb.Store store : stores(budget)) {
      Pdpb.StoreStats stats =
          driver
              .ask(
                  PlacementDriver.STORE,
                  header ->
                      Pdpb.GetStoreRequest.newBuilder()
                          .setHeader(header)
                          .setStoreId(store.getId())
                          .build(),
                  budget)
              .getStats();
      used += stats.getUsedSize();
      replicas += stats.getRegionCount();
    }
    long ours = regions.list(keyspace.first(), keyspace.behind(), budget).size();
    long bytes = replicas == 0 ? 0 : (long) ((double) used / replicas * ours);
    return new Usage(bytes, bytes);
  }

  private List<Metapb.Store> stores(Budget budget) {
    return driver
        .ask(
            PlacementDriver.STORES,
            header ->
                Pdpb.GetAllStoresRequest.newBuilder()
                    .setHeader(header)
                    .setExcludeTombstoneStores(true)
                    .build(),
            budget)
        .getStoresList();
  }
}
