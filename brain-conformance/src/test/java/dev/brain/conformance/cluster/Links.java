// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.cluster.TcpProxy.Direction;
import java.util.List;
import java.util.stream.Stream;

/**
 * The links of one node, each through a proxy.
 *
 * @param engine to PD and to each store
 * @param peers from the other nodes
 */
record Links(List<TcpProxy> engine, TcpProxy peers) {

  /** Cuts the node from the engine, in some directions. */
  Runnable cutEngine(Direction... directions) {
    for (TcpProxy proxy : engine) {
      for (Direction direction : directions) {
        proxy.cut(direction);
      }
    }
    return this::mend;
  }

  /** Cuts other nodes from this one. */
  Runnable cutPeers() {
    peers.cut(Direction.REQUESTS);
    peers.cut(Direction.ANSWERS);
    return this::mend;
  }

  /** Makes everything slow. */
  Runnable delay(long millis) {
    all().forEach(proxy -> proxy.delay(millis));
    return this::mend;
  }

  /** Breaks all connections once. */
  Runnable reset() {
    all().forEach(TcpProxy::reset);
    return this::mend;
  }

  void close() {
    all().forEach(TcpProxy::close);
  }

  private void mend() {
    all().forEach(TcpProxy::mend);
  }

  private Stream<TcpProxy> all() {
    return Stream.concat(engine.stream(), Stream.of(peers));
  }
}
