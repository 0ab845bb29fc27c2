// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import com.google.protobuf.ByteString;
import dev.brain.conformance.client.Call;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseLeasesRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import java.util.Random;

/**
 * Makes one random request of each kind. The same seed and the same view make the same requests.
 */
final class RandomRequests {
  final Random random;
  final View view;
  private long values;

  RandomRequests(Random random, View view) {
    this.random = random;
    this.view = view;
  }

  RangeRequest range() {
    RangeRequest.Builder request = RangeRequest.newBuilder();
    // Whatever sorts by another field than the key has ties, which only the hot keys bring in one
    // order.
    boolean sorted = random.nextInt(4) == 0;
    Keys.Range range = sorted ? Keys.hotRange(random) : Keys.range(random);
    request.setKey(range.key()).setRangeEnd(range.end());
    if (sorted) {
      request.setSortTargetValue(random.nextInt(5));
      request.setSortOrderValue(random.nextInt(3));
    } else if (one(8)) {
      request.setSortOrderValue(random.nextInt(3));
    }
    if (one(3)) {
      request.setLimit(one(6) ? -random.nextInt(3) : random.nextInt(15));
    }
    if (one(3)) {
      request.setRevision(view.someRevision(random));
    }
    request.setSerializable(one(5)).setKeysOnly(one(6)).setCountOnly(one(8));
    if (one(8)) {
      request.setMinModRevision(view.readableRevision(random));
    }
    if (one(8)) {
      request.setMaxModRevision(view.readableRevision(random));
    }
    if (one(10)) {
      request.setMinCreateRevision(view.readableRevision(random));
    }
    if (one(10)) {
      request.setMaxCreateRevision(view.readableRevision(random) - random.nextInt(2));
    }
    return request.build();
  }

  PutRequest put() {
    PutRequest.Builder request = PutRequest.newBuilder().setKey(Keys.key(random));
    request.setPrevKv(one(3)).setIgnoreValue(one(10)).setIgnoreLease(one(10));
    if (!request.getIgnoreValue() || one(8)) {
      request.setValue(value());
    }
    if (one(4) && (!request.getIgnoreLease() || one(8))) {
      request.setLease(view.someLease(random));
    }
    return request.build();
  }

  DeleteRangeRequest delete() {
    Keys.Range range =
        one(3) ? Keys.range(random) : new Keys.Range(Keys.key(random), ByteString.EMPTY);
    return DeleteRangeRequest.newBuilder()
        .setKey(range.key())
        .setRangeEnd(range.end())
        .setPrevKv(one(3))
        .build();
  }

  CompactionRequest compact() {
    long revision = one(3) ? view.someRevision(random) : view.readableRevision(random);
    return CompactionRequest.newBuilder()
        .setRevision(revision)
        .setPhysical(random.nextBoolean())
        .build();
  }

  WatchCreateRequest watch() {
    Keys.Range range = Keys.range(random);
    WatchCreateRequest.Builder request =
        WatchCreateRequest.newBuilder().setKey(range.key()).setRangeEnd(range.end());
    long start =
        switch (random.nextInt(8)) {
          case 0 -> view.revision + 1 + random.nextInt(4);
          case 1 -> view.compactRevision - random.nextInt(3);
          case 2 -> -1;
          case 3, 4 -> view.readableRevision(random);
          default -> 0;
        };
    request.setStartRevision(start);
    request.setPrevKv(one(2)).setProgressNotify(one(4)).setFragment(one(4));
    if (one(5)) {
      request.addFiltersValue(random.nextInt(2));
    }
    if (one(20)) {
      request.addFiltersValue(random.nextInt(2));
    }
    if (one(6)) {
      request.setWatchId(random.nextInt(10));
    }
    return request.build();
  }

  Call<?, ?> lease() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        boolean used = one(6);
        long id = used ? view.someLease(random) : view.newLease();
        // An id of 0 would let each server choose its own.
        long chosen = id == 0 ? view.newLease() : id;
        long ttl = one(20) ? 9_000_000_001L : 3_600 + random.nextInt(1_000);
        yield Call.of(
            LeaseGrpc.getLeaseGrantMethod(),
            LeaseGrantRequest.newBuilder().setID(chosen).setTTL(ttl).build());
      }
      case 3, 4 ->
          Call.of(
              LeaseGrpc.getLeaseRevokeMethod(),
              LeaseRevokeRequest.newBuilder().setID(view.someLease(random)).build());
      case 5 -> Call.of(LeaseGrpc.getLeaseLeasesMethod(), LeaseLeasesRequest.getDefaultInstance());
      default ->
          Call.of(
              LeaseGrpc.getLeaseTimeToLiveMethod(),
              LeaseTimeToLiveRequest.newBuilder()
                  .setID(view.someLease(random))
                  .setKeys(random.nextBoolean())
                  .build());
    };
  }

  /** A put, a range, a delete or a txn. */
  Call<?, ?> keyValue() {
    int choice = random.nextInt(100);
    if (choice < 33) {
      return Call.of(KVGrpc.getPutMethod(), put());
    }
    if (choice < 65) {
      return Call.of(KVGrpc.getRangeMethod(), range());
    }
    if (choice < 75) {
      return Call.of(KVGrpc.getDeleteRangeMethod(), delete());
    }
    return Call.of(KVGrpc.getTxnMethod(), new RandomTxns(this).txn());
  }

  /** Values collide at times, so that comparing them succeeds at times. */
  ByteString value() {
    values++;
    return switch (random.nextInt(10)) {
      case 0 -> ByteString.EMPTY;
      case 1, 2, 3 -> ByteString.copyFromUtf8("v" + random.nextInt(5));
      case 4 -> Keys.bytes(0x00, 0xff, random.nextInt(256));
      case 5 -> ByteString.copyFromUtf8("large".repeat(random.nextInt(400)));
      default -> ByteString.copyFromUtf8("v-" + values);
    };
  }

  /** True once in {@code n} times. */
  boolean one(int n) {
    return random.nextInt(n) == 0;
  }
}
