// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.time.Duration;

/**
 * What one request may ask for.
 *
 * @param maxRequestBytes the most bytes of a proposal as etcd would marshal it; also the size that
 *     chunks of a streamed range aim at
 * @param maxTxnOperations the most compares or operations in one list of a transaction
 * @param requestTimeout how long a read may wait before it is given up
 */
public record ServiceLimits(int maxRequestBytes, int maxTxnOperations, Duration requestTimeout) {
  /** etcd's defaults: 1.5 MiB, 128, 7 s. */
  public static final ServiceLimits DEFAULT =
      new ServiceLimits(1_572_864, 128, Duration.ofSeconds(7));

  public ServiceLimits {
    if (maxRequestBytes <= 0 || maxTxnOperations <= 0 || !requestTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "limits: "
              + maxRequestBytes
              + " bytes, "
              + maxTxnOperations
              + " operations, "
              + requestTimeout
              + " (expected: all above 0)");
    }
  }
}
