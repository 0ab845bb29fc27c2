// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * A PD and several stores that listen on loopback ports of this process. It begins empty, with one
 * region led by store 1; the data is gone when it is closed. Keys are those that clients send to
 * stores. Thread-safe.
 */
public final class TikvEmulator implements AutoCloseable {
  private final Cluster cluster;
  private final Delivery delivery = new Delivery();
  private final Servers servers;
  private final List<Front> fronts = new CopyOnWriteArrayList<>();

  private TikvEmulator(int stores, int pdPort, @Nullable ServerTls tls) {
    this.cluster = new Cluster(stores, InstantSource.system());
    this.servers = new Servers(tls);
    fronts.add(new Front(0, pdPort, cluster, delivery, servers));
  }

  public static TikvEmulator start(int stores) {
    return start(stores, 0, null);
  }

  /**
   * Starts it with its own settings.
   *
   * @param pdPort of the first front; 0: any free one
   * @param tls null: clear text
   */
  public static TikvEmulator start(int stores, int pdPort, @Nullable ServerTls tls) {
    return new TikvEmulator(stores, pdPort, tls);
  }

  /** The first front's: {@code host:port}. */
  public String pdAddress() {
    return front().pdAddress();
  }

  /** The first front. */
  public Front front() {
    return fronts.getFirst();
  }

  /** All fronts, in the order of their numbers. */
  public List<Front> fronts() {
    return List.copyOf(fronts);
  }

  /** One more front; it lives as long as the emulator. */
  public synchronized Front openFront() {
    Front front = new Front(fronts.size(), 0, cluster, delivery, servers);
    fronts.add(front);
    return front;
  }

  /** Replaces the plan for the requests to come. What is held stays held. */
  public void faults(FaultPlan plan) {
    delivery.plan(plan);
  }

  /** Executes and answers what was held, in the order in which it came; how many there were. */
  public int release() {
    return delivery.release();
  }

  /**
   * How many requests of the method have come in, whatever their fate: {@code KvPrewrite}, {@code
   * Tso}.
   */
  public long calls(String method) {
    return delivery.calls(method);
  }

  public int stores() {
    return cluster.stores;
  }

  public int regions() {
    return cluster.exclusively(() -> cluster.regions.all().size());
  }

  /** The key begins a region from now on. */
  public void split(byte[] key) {
    cluster.exclusively(() -> cluster.regions.split(ByteString.copyFrom(key)));
  }

  /** Cuts the region with the most keys in the middle of them. False if no region has two keys. */
  public boolean splitLargest() {
    return cluster.exclusively(
        () -> {
          List<ByteString> most = List.of();
          for (Region region : cluster.regions.all()) {
            var keys = List.copyOf(cluster.rows.range(region.start(), region.end()).keySet());
            most = keys.size() > most.size() ? keys : most;
          }
          if (most.size() > 1) {
            cluster.regions.split(most.get(most.size() / 2));
          }
          return most.size() > 1;
        });
  }

  /** The store that leads the key's region. */
  public int leader(byte[] key) {
    return cluster.exclusively(() -> cluster.regions.of(ByteString.copyFrom(key)).leader());
  }

  public void moveLeader(byte[] key, int store) {
    cluster.exclusively(
        () -> cluster.regions.lead(cluster.regions.of(ByteString.copyFrom(key)), store));
  }

  /** Every region that {@code from} leads is led by {@code to} from now on. */
  public void moveLeaders(int from, int to) {
    cluster.exclusively(
        () ->
            List.copyOf(cluster.regions.all()).stream()
                .filter(region -> region.leader() == from)
                .forEach(region -> cluster.regions.lead(region, to)));
  }

  /** Unreachable by every front. It goes on leading its regions until its leaderships are moved. */
  public void stopStore(int store) {
    fronts.forEach(front -> front.stopStore(store));
  }

  public void startStore(int store) {
    fronts.forEach(front -> front.startStore(store));
  }

  /** PD is unreachable by every front; stores are not. */
  public void stopPd() {
    fronts.forEach(Front::stopPd);
  }

  public void startPd() {
    fronts.forEach(Front::startPd);
  }

  /** The timestamp up to which old versions were collected; 0: never. */
  public long collectedUpTo() {
    return cluster.exclusively(cluster.safePoints::collected);
  }

  @Override
  public void close() {
    fronts.forEach(Front::cut);
    servers.close();
  }
}
