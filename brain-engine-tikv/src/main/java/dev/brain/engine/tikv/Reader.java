// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.BatchGetRequest;
import org.tikv.kvproto.Kvrpcpb.BatchGetResponse;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Kvrpcpb.GetResponse;
import org.tikv.kvproto.Kvrpcpb.KeyError;
import org.tikv.kvproto.Kvrpcpb.KvPair;
import org.tikv.kvproto.Kvrpcpb.LockInfo;
import org.tikv.kvproto.Kvrpcpb.ScanRequest;
import org.tikv.kvproto.Kvrpcpb.ScanResponse;
import org.tikv.shade.com.google.protobuf.ByteString;

/** Reads keys as of a timestamp. Thread-safe. */
final class Reader {
  private static final int BATCH_KEYS = 512;

  private final Stores stores;
  private final Locks locks;

  Reader(Stores stores, Locks locks) {
    this.stores = stores;
    this.locks = locks;
  }

  /** The value of a key, or null. */
  @Nullable ByteString get(ByteString key, long timestamp, Budget budget) {
    Locks.Passage passage = locks.forReader(timestamp, budget);
    while (true) {
      GetResponse response =
          stores
              .ask(
                  key,
                  Rpc.GET,
                  region ->
                      GetRequest.newBuilder()
                          .setContext(context(region, passage))
                          .setKey(key)
                          .setVersion(timestamp)
                          .build(),
                  budget)
              .response();
      if (!response.hasError()) {
        return response.getNotFound() ? null : response.getValue();
      }
      passage.clear(List.of(lock(response.getError())));
    }
  }

  /** The values of those keys that exist. */
  Map<ByteString, ByteString> get(Collection<ByteString> keys, long timestamp, Budget budget) {
    Map<ByteString, ByteString> values = new HashMap<>();
    Locks.Passage passage = locks.forReader(timestamp, budget);
    List<ByteString> left = List.copyOf(keys);
    for (int tries = 1; !left.isEmpty(); tries++) {
      List<Stores.Group<ByteString>> batches = batches(left, budget);
      List<Answer<BatchGetResponse>> answers =
          stores.inParallel(batches, batch -> ask(batch, timestamp, passage, budget));
      List<ByteString> again = new ArrayList<>();
      List<LockInfo> met = new ArrayList<>();
      @Nullable String trouble = null;
      for (int batch = 0; batch < batches.size(); batch++) {
        List<ByteString> asked = batches.get(batch).members();
        switch (answers.get(batch)) {
          case Answer.Given<BatchGetResponse>(BatchGetResponse response) -> {
            if (response.hasError()) {
              met.add(lock(response.getError()));
              again.addAll(asked);
            } else {
              take(response.getPairsList(), values, met, again);
            }
          }
          case Answer.Refused<BatchGetResponse>(String reason) -> {
            trouble = reason;
            again.addAll(asked);
          }
          case Answer.Lost<BatchGetResponse>(String reason) -> {
            trouble = reason;
            again.addAll(asked);
          }
        }
      }
      if (!met.isEmpty()) {
        passage.clear(met);
      }
      if (trouble != null) {
        if (budget.isSpent()) {
          throw Stores.unreachable(trouble);
        }
        budget.pause(tries);
      }
      left = again;
    }
    return values;
  }

  private List<Stores.Group<ByteString>> batches(List<ByteString> keys, Budget budget) {
    List<Stores.Group<ByteString>> batches = new ArrayList<>();
    for (Stores.Group<ByteString> group : stores.group(keys, key -> key, budget)) {
      List<ByteString> members = group.members();
      for (int from = 0; from < members.size(); from += BATCH_KEYS) {
        int to = Math.min(members.size(), from + BATCH_KEYS);
        batches.add(new Stores.Group<>(group.region(), members.subList(from, to)));
      }
    }
    return batches;
  }

  private Answer<BatchGetResponse> ask(
      Stores.Group<ByteString> batch, long timestamp, Locks.Passage passage, Budget budget) {
    BatchGetRequest request =
        BatchGetRequest.newBuilder()
            .setContext(context(batch.region(), passage))
            .addAllKeys(batch.members())
            .setVersion(timestamp)
            .build();
    return stores.send(batch.region(), Rpc.BATCH_GET, request, budget);
  }

  private static void take(
      List<KvPair> pairs,
      Map<ByteString, ByteString> values,
      List<LockInfo> met,
      List<ByteString> again) {
    for (KvPair pair : pairs) {
      if (pair.hasError()) {
        LockInfo lock = lock(pair.getError());
        met.add(lock);
        again.add(pair.getKey().isEmpty() ? lock.getKey() : pair.getKey());
      } else {
        values.put(pair.getKey(), pair.getValue());
      }
    }
  }

  /**
   * What one request for a part of a range gave.
   *
   * @param pairs rows in the order of the walk
   * @param rest where the walk goes on: the new start, or walking backwards the new end; null if
   *     the range is done
   */
  record Page(List<KvPair> pairs, @Nullable ByteString rest) {}

  /**
   * The first rows of a range, which is not empty.
   *
   * @param limit how many at most, at least 1
   */
  Page scan(
      ByteString start,
      ByteString end,
      boolean reverse,
      boolean keysOnly,
      int limit,
      long timestamp,
      Budget budget) {
    Locks.Passage passage = locks.forReader(timestamp, budget);
    while (true) {
      Stores.Located<ScanResponse> located =
          reverse
              ? stores.askBelow(
                  end,
                  Rpc.SCAN,
                  region ->
                      request(region, passage, keysOnly, limit, timestamp)
                          .setReverse(true)
                          .setStartKey(region.endAtMost(end))
                          .setEndKey(region.startAtLeast(start))
                          .build(),
                  budget)
              : stores.ask(
                  start,
                  Rpc.SCAN,
                  region ->
                      request(region, passage, keysOnly, limit, timestamp)
                          .setStartKey(start)
                          .setEndKey(region.endAtMost(end))
                          .build(),
                  budget);
      List<KvPair> pairs = located.response().getPairsList();
      List<LockInfo> met = new ArrayList<>();
      if (located.response().hasError()) {
        met.add(lock(located.response().getError()));
      }
      pairs.stream().filter(KvPair::hasError).forEach(pair -> met.add(lock(pair.getError())));
      if (met.isEmpty()) {
        return new Page(pairs, rest(located.region(), pairs, start, end, reverse, limit));
      }
      passage.clear(met);
    }
  }

  private static ScanRequest.Builder request(
      Region region, Locks.Passage passage, boolean keysOnly, int limit, long timestamp) {
    return ScanRequest.newBuilder()
        .setContext(context(region, passage))
        .setKeyOnly(keysOnly)
        .setLimit(limit)
        .setVersion(timestamp);
  }

  private static @Nullable ByteString rest(
      Region region,
      List<KvPair> pairs,
      ByteString start,
      ByteString end,
      boolean reverse,
      int limit) {
    if (pairs.size() >= limit) {
      ByteString last = pairs.getLast().getKey();
      return reverse ? last : last.concat(ByteString.copyFrom(new byte[1]));
    }
    if (reverse) {
      return Keyspace.ORDER.compare(region.start(), start) > 0 ? region.start() : null;
    }
    return region.isBelowEnd(end) || region.end().equals(end) ? null : region.end();
  }

  private static Context context(Region region, Locks.Passage passage) {
    return region.context().addAllResolvedLocks(passage.passed()).build();
  }

  /** The lock that kept a key from being read. */
  private static LockInfo lock(KeyError error) {
    if (!error.hasLocked()) {
      throw new EngineException.Unavailable(
          "TiKV refused a read: " + error.getAbort() + error.getRetryable(), null);
    }
    return error.getLocked();
  }
}
