// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of ports behind which the cluster is: one for PD, one for each store. A client that comes
 * by a front is led to the stores by the same one, so that it can be cut off while others are not;
 * clients that need not be told apart share one. A port stays the same when it is closed and
 * opened. Thread-safe.
 */
public final class Front implements Addresses {
  /** PD's, then those of the stores in order. */
  private final List<Port> ports = new ArrayList<>();

  private final Servers servers;

  Front(int number, int pdPort, Cluster cluster, Delivery delivery, Servers servers) {
    this.servers = servers;
    ports.add(new Port(servers, new PdService(cluster, delivery, this, number), pdPort));
    for (int store = 1; store <= cluster.stores; store++) {
      ports.add(new Port(servers, new StoreService(cluster, delivery, store, number), 0));
    }
    mend();
  }

  /** What a client is given: PD's {@code host:port}. */
  public synchronized String pdAddress() {
    return ports.getFirst().address();
  }

  public synchronized String storeAddress(int store) {
    return port(store).address();
  }

  /** PD names this address, of a proxy say, instead of its own. */
  public synchronized void advertisePd(String address) {
    ports.getFirst().advertise(address);
  }

  /** PD names this address instead of the store's own. */
  public synchronized void advertiseStore(int store, String address) {
    port(store).advertise(address);
  }

  /** Breaks all connections and takes no new ones. */
  public synchronized void cut() {
    ports.forEach(Port::close);
  }

  /** All ports listen again. */
  public synchronized void mend() {
    ports.forEach(Port::open);
  }

  synchronized void startPd() {
    ports.getFirst().open();
  }

  synchronized void stopPd() {
    ports.getFirst().close();
  }

  synchronized void startStore(int store) {
    port(store).open();
  }

  synchronized void stopStore(int store) {
    port(store).close();
  }

  @Override
  public synchronized String pdUrl() {
    return (servers.areSecure() ? "https://" : "http://") + ports.getFirst().advertised();
  }

  @Override
  public synchronized String store(int store) {
    return port(store).advertised();
  }

  private Port port(int store) {
    if (store < 1 || store >= ports.size()) {
      throw new IllegalArgumentException(
          "store " + store + " is none of 1 to " + (ports.size() - 1));
    }
    return ports.get(store);
  }
}
