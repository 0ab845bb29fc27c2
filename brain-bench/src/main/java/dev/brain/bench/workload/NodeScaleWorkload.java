// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import dev.brain.bench.wire.Methods;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/**
 * What a cluster of many nodes asks of its storage, at the rate at which it asks. Each node has 30
 * pods from the beginning. In a minute it renews its node lease six times, creates a pod, updates
 * the status of three, deletes one, and tells five events, which live for a minute. Each
 * kube-apiserver watches all of it and lists all pods once a minute.
 */
final class NodeScaleWorkload implements Workload {
  /*
   * Which operation comes when follows from its index alone, see Schedule. Leases and pods are renewed in turn, so that
   * two renewals of one lie ten seconds apart or far more, and a pod is deleted five seconds after it was created. A server
   * that is later than that answers with conflicts, which bring the revision to go on with, or has no pod to be deleted.
   */
  private static final int PODS_PER_NODE = 30;
  private static final int NODES_PER_DELETION = 12;

  /** As kube-apiserver fills its watch cache. */
  private static final int PAGE = 10_000;

  private static final int HEARTBEAT = 0;
  private static final int CREATE = 1;
  private static final int STATUS = 2;
  private static final int DELETE = 3;
  private static final int EVENT = 4;
  private static final int LIST = 5;
  private static final int DELIVERY = 6;

  private final Scene scene;
  private final Schedule schedule;
  private final RenewedKeys leases;
  private final RenewedKeys pods;
  private final KeySpace created;
  private final KeySpace events;
  private final EventLeases eventLeases;

  /** How many creations lie between that of a pod and its deletion. */
  private final int podsAlive;

  /** The revisions of the last pods created; 0 for one that is not there. */
  private final AtomicLongArray createdAt;

  private final List<Range> ranges = new ArrayList<>();
  private final AtomicLong uncertain = new AtomicLong();

  NodeScaleWorkload(Scene scene) {
    int nodes = scene.shape().nodes();
    this.scene = scene;
    this.schedule = new Schedule(nodes, scene.shape().apiservers());
    this.leases = new RenewedKeys(scene, "lease", nodes);
    this.pods = new RenewedKeys(scene, "pod", nodes * PODS_PER_NODE);
    this.created = scene.ownKeys("pod");
    this.events = scene.ownKeys("event");
    this.eventLeases = new EventLeases(scene);
    this.podsAlive = Math.max(1, nodes / NODES_PER_DELETION);
    this.createdAt = new AtomicLongArray(4 * podsAlive);
  }

  /** What the apiservers watch, and how many changes of it were answered well. */
  private record Range(AtomicLong changes, boolean expires, List<WatchStream> watches) {
    Range(boolean expires) {
      this(new AtomicLong(), expires, new ArrayList<>());
    }
  }

  @Override
  public List<Series> series() {
    return List.of(
        Series.of("heartbeat"),
        Series.of("create"),
        Series.of("status"),
        Series.of("delete"),
        Series.of("event"),
        Series.of("list", "keys"),
        Series.events("delivery", "events"));
  }

  @Override
  public double rate() {
    return schedule.rate();
  }

  @Override
  public void prepare(EventSink sink) throws InterruptedException {
    leases.prepare();
    pods.prepare();
    eventLeases.prepare();
    for (KeySpace watched : List.of(leases.keys(), pods.keys(), created, events)) {
      Range range = new Range(/* expires= */ watched == events);
      ranges.add(range);
      for (int i = 0; i < scene.shape().apiservers(); i++) {
        range.watches.add(
            new WatchStream(
                scene, i, watched.start(), watched.end(), stamp -> sink.arrived(DELIVERY, stamp)));
      }
    }
    for (Range range : ranges) {
      for (WatchStream watch : range.watches) {
        watch.awaitOpen();
      }
    }
  }

  @Override
  public void start(int client, long index, Completion completion) {
    Schedule.Turn turn = schedule.turn(index);
    long number = turn.number();
    switch (turn.step()) {
      case HEARTBEAT -> leases.renew(client, number, HEARTBEAT, counted(0, completion));
      case STATUS -> pods.renew(client, number, STATUS, counted(1, completion));
      case CREATE -> create(client, number, counted(2, completion));
      case DELETE -> {
        if (number < podsAlive) { // none is old enough
          pods.renew(client, pods.size() - 1 - number, STATUS, counted(1, completion));
        } else {
          delete(client, number - podsAlive, counted(2, completion));
        }
      }
      case EVENT -> tell(client, number, counted(3, completion));
      case LIST -> new Pass(client, completion).next(pods.keys().start(), 0);
    }
  }

  /** Counts a success as a change of a range. */
  private Completion counted(int range, Completion completion) {
    return new Uncertain(completion, uncertain) {
      @Override
      public void succeeded(int series, long units) {
        ranges.get(range).changes.incrementAndGet();
        super.succeeded(series, units);
      }
    };
  }

  private void create(int client, long pod, Completion completion) {
    write(
        client,
        Txns.create(created.key(pod), stamped(pod)),
        completion,
        revision -> {
          createdAt.set(place(pod), revision);
          completion.succeeded(CREATE, 1);
        });
  }

  private void delete(int client, long pod, Completion completion) {
    long revision = createdAt.getAndSet(place(pod), 0);
    if (revision == 0) {
      completion.conflicted();
      return;
    }
    write(
        client,
        Txns.delete(created.key(pod), revision),
        completion,
        deletedAt -> completion.succeeded(DELETE, 1));
  }

  private void tell(int client, long event, Completion completion) {
    eventLeases.use(
        client,
        completion,
        lease ->
            write(
                client,
                Txns.create(events.key(event), stamped(event), lease),
                completion,
                revision -> completion.succeeded(EVENT, 1)));
  }

  private void write(
      int client, TxnRequest request, Completion completion, LongConsumer succeeded) {
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        request,
        completion,
        answer -> {
          if (answer.getSucceeded()) {
            succeeded.accept(answer.getHeader().getRevision());
          } else {
            completion.conflicted();
          }
        });
  }

  private int place(long pod) {
    return (int) (pod % createdAt.length());
  }

  private ByteString stamped(long index) {
    return scene.values().stamped(index, scene.clock().getAsLong());
  }

  /** Waits until every watch has seen every change. */
  @Override
  public List<String> finish() throws InterruptedException {
    List<String> faults = new ArrayList<>();
    for (Range range : ranges) {
      long least = range.changes.get();
      long most = range.expires ? Long.MAX_VALUE : least + uncertain.get();
      for (WatchStream watch : range.watches) {
        for (String fault : watch.awaitEvents(least, most)) {
          faults.add("a watch " + fault);
        }
      }
    }
    return faults;
  }

  @Override
  public void close() {
    ranges.forEach(range -> range.watches.forEach(WatchStream::close));
  }

  /** One list of all pods, page by page at one revision. */
  private final class Pass {
    private final int client;
    private final Completion completion;
    private long listed;

    Pass(int client, Completion completion) {
      this.client = client;
      this.completion = completion;
    }

    void next(ByteString from, long revision) {
      Call.start(
          scene.connections().of(client),
          Methods.RANGE,
          RangeRequest.newBuilder()
              .setKey(from)
              .setRangeEnd(pods.keys().end())
              .setLimit(PAGE)
              .setRevision(revision)
              .build(),
          completion,
          page -> {
            listed += page.keys();
            if (page.more()) {
              next(Ranges.behind(page.lastKey()), revision == 0 ? page.revision() : revision);
            } else if (listed == pods.size()) {
              completion.succeeded(LIST, listed);
            } else {
              completion.failed("pods: " + listed + " (expected: " + pods.size() + ")");
            }
          });
    }
  }
}
