// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.Collection;
import org.tikv.kvproto.Errorpb;
import org.tikv.shade.com.google.protobuf.ByteString;

/** The answers of a store that cannot speak for a region. Keys in them are encoded. */
final class RegionErrors {
  private RegionErrors() {}

  static Errorpb.Error storeNotMatch(long requested, long actual) {
    return error("store not match")
        .setStoreNotMatch(
            Errorpb.StoreNotMatch.newBuilder()
                .setRequestStoreId(requested)
                .setActualStoreId(actual))
        .build();
  }

  static Errorpb.Error regionNotFound(long region) {
    return error("region " + region + " not found")
        .setRegionNotFound(Errorpb.RegionNotFound.newBuilder().setRegionId(region))
        .build();
  }

  /** Without a hint while there is an election. */
  static Errorpb.Error notLeader(Region region, boolean hint) {
    var notLeader = Errorpb.NotLeader.newBuilder().setRegionId(region.id());
    if (hint) {
      notLeader.setLeader(region.leaderPeer());
    }
    return error("peer is not leader for region " + region.id()).setNotLeader(notLeader).build();
  }

  static Errorpb.Error epochNotMatch(Collection<Region> current) {
    return error("epoch not match")
        .setEpochNotMatch(
            Errorpb.EpochNotMatch.newBuilder()
                .addAllCurrentRegions(current.stream().map(Region::meta).toList()))
        .build();
  }

  static Errorpb.Error keyNotInRegion(ByteString key, Region region) {
    return error("key not in region " + region.id())
        .setKeyNotInRegion(
            Errorpb.KeyNotInRegion.newBuilder()
                .setKey(KeyCodec.encode(key))
                .setRegionId(region.id())
                .setStartKey(KeyCodec.encode(region.start()))
                .setEndKey(KeyCodec.encode(region.end())))
        .build();
  }

  static Errorpb.Error entryTooLarge(long region, long size) {
    return error("raft entry is too large")
        .setRaftEntryTooLarge(
            Errorpb.RaftEntryTooLarge.newBuilder().setRegionId(region).setEntrySize(size))
        .build();
  }

  static Errorpb.Error serverIsBusy() {
    return error("server is busy")
        .setServerIsBusy(Errorpb.ServerIsBusy.newBuilder().setReason("emulated"))
        .build();
  }

  static Errorpb.Error staleCommand() {
    return error("stale command")
        .setStaleCommand(Errorpb.StaleCommand.getDefaultInstance())
        .build();
  }

  static Errorpb.Error maxTimestampNotSynced() {
    return error("max timestamp not synced")
        .setMaxTimestampNotSynced(Errorpb.MaxTimestampNotSynced.getDefaultInstance())
        .build();
  }

  private static Errorpb.Error.Builder error(String message) {
    return Errorpb.Error.newBuilder().setMessage(message);
  }
}
