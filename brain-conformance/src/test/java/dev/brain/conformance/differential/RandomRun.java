// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import com.google.protobuf.Message;
import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeResponse;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/*
 * A sequence of random requests, one at a time, on both servers.
 *
 * Answers come at once, events do not. To compare them for certain, every watch stream is settled
 * (asked for its progress until the answer has reached the newest revision) before anything that
 * would make the outcome a matter of timing:
 *   1. before a compaction, because a watch that still reads history may or may not be cancelled;
 *   2. before a watch is cancelled, because what is on its way may or may not arrive;
 *   3. every few hundred requests and at the end, because all must be compared.
 * Progress is answered only when every watch of a stream has started, so that a stream with a watch
 * from a future revision is first reached by filler puts.
 */
final class RandomRun {
  private static final int STREAMS = 4;
  private static final int WATCHES_OF_A_STREAM = 8;
  private static final int ENOUGH_DIFFERENCES = 5;
  private static final int SETTLE_EVERY = 300;

  private final Pair pair;
  private final View view = new View();
  private final Random random;
  private final RandomRequests requests;
  private final List<WatchPair> streams = new ArrayList<>();
  private final String name;
  private int opened;
  private int sent;

  RandomRun(Pair pair, long seed) {
    this.pair = pair;
    this.random = new Random(seed);
    this.requests = new RandomRequests(random, view);
    this.name = "seed " + seed + " request ";
    for (int i = 0; i < STREAMS; i++) {
      streams.add(openStream());
    }
  }

  /** Sends {@code count} requests, fewer when the servers have drifted apart. */
  void send(int count) {
    while (sent < count && pair.differences().size() < ENOUGH_DIFFERENCES) {
      sent++;
      one();
      if (sent % SETTLE_EVERY == 0) {
        settleAll();
      }
    }
    settleAll();
    streams.forEach(WatchPair::close);
  }

  private void one() {
    int choice = random.nextInt(1_000);
    if (choice < 860) {
      call(requests.keyValue());
    } else if (choice < 930) {
      call(requests.lease());
    } else if (choice < 945) {
      long lease = view.someLease(random);
      pair.keepAlive(name + sent + ": LeaseKeepAlive " + lease, lease);
    } else if (choice < 955) {
      settleAll();
      call(Call.of(KVGrpc.getCompactMethod(), requests.compact()));
    } else if (choice < 980) {
      createWatch();
    } else if (choice < 997) {
      cancelWatch();
    } else {
      int replaced = random.nextInt(STREAMS);
      settle(streams.get(replaced));
      streams.get(replaced).close();
      streams.set(replaced, openStream());
    }
  }

  private void call(Call<?, ?> call) {
    Answer answer = pair.call(name + sent + ": " + call, call);
    Message message = answer.message();
    switch (message) {
      case null -> {}
      case PutResponse put -> view.revision = put.getHeader().getRevision();
      case DeleteRangeResponse delete -> view.revision = delete.getHeader().getRevision();
      case TxnResponse txn -> view.revision = txn.getHeader().getRevision();
      case LeaseGrantResponse grant -> view.leases.add(grant.getID());
      case LeaseRevokeResponse revoke -> {
        view.revision = revoke.getHeader().getRevision();
        if (call.request() instanceof LeaseRevokeRequest request) {
          view.leases.remove(request.getID());
        }
        // The header is older than the deletion of the lease's keys.
        refreshRevision();
      }
      default -> {
        if (call.request() instanceof CompactionRequest compaction) {
          view.compactRevision = compaction.getRevision();
        }
      }
    }
  }

  private void refreshRevision() {
    call(
        Call.of(
            KVGrpc.getTxnMethod(), dev.brain.proto.etcdserverpb.TxnRequest.getDefaultInstance()));
  }

  private void createWatch() {
    WatchPair stream = streams.get(random.nextInt(STREAMS));
    WatchCreateRequest request = requests.watch();
    if (stream.live().size() < WATCHES_OF_A_STREAM) {
      settle(stream);
      stream.create(name + sent + ": Watch " + request, request, view.compactRevision);
    }
  }

  private void cancelWatch() {
    WatchPair stream = streams.get(random.nextInt(STREAMS));
    List<Long> live = stream.live();
    if (live.isEmpty()) {
      stream.cancelUnknown(77);
    } else {
      settle(stream);
      stream.cancel(name + sent + ": cancel", live.get(random.nextInt(live.size())));
    }
  }

  private void settleAll() {
    streams.forEach(this::settle);
  }

  private void settle(WatchPair stream) {
    while (view.revision < stream.highestStart()) {
      PutRequest filler =
          PutRequest.newBuilder().setKey(Keys.bytes('f')).setValue(requests.value()).build();
      call(Call.of(KVGrpc.getPutMethod(), filler));
    }
    stream.settle(name + sent + ": events", view.revision);
  }

  private WatchPair openStream() {
    opened++;
    return new WatchPair(pair, Integer.toString(opened));
  }
}
