// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.util.function.Consumer;

/** Lets reads begin when they will see every write that was answered before. Thread-safe. */
public interface ReadGate {
  /** Lets everybody pass at once, because whoever reads here reads the newest. */
  ReadGate OPEN = (serializable, begin, refuse) -> begin.run();

  /**
   * Takes a read; never blocks.
   *
   * @param serializable whether a stale answer will do
   * @param begin begins the read; run once unless {@code refuse} is, on this thread or another;
   *     must be quick
   * @param refuse told why it may not begin
   */
  void pass(boolean serializable, Runnable begin, Consumer<EtcdStatus> refuse);
}
