// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.netty.channel.ChannelPipeline;

/** Takes connections that speak HTTP/1.1. */
public interface HttpConnections {
  /**
   * Adds what serves HTTP/1.1 at the end of a connection's handlers. Called on its event loop; the
   * first bytes arrive afterwards.
   */
  void take(ChannelPipeline pipeline);
}
