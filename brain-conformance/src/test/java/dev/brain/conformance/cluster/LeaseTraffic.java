// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/*
 * Leases of one client, one after another: granted, given keys, renewed some times, and then revoked
 * or left to end. For one thread.
 */
final class LeaseTraffic {
  private static final int SECONDS = 3;

  private final String name;
  private final Random random;
  private final List<Request> next = new ArrayList<>();
  private long lease;
  private int values;

  LeaseTraffic(String name, long firstLease, Random random) {
    this.name = name;
    this.lease = firstLease;
    this.random = random;
  }

  /** What to ask for next. */
  Request request() {
    if (next.isEmpty()) {
      lease++;
      next.add(new Request.Grant(lease, SECONDS));
      for (int i = 0; i < 3; i++) {
        next.add(new Request.Put("/leases/" + name + "/" + i, name + "-" + values++, lease));
      }
      for (int i = random.nextInt(6); i > 0; i--) {
        next.add(new Request.KeepAlive(lease));
      }
      if (random.nextBoolean()) {
        next.add(new Request.Revoke(lease));
        next.add(new Request.KeepAlive(lease));
      }
    }
    return next.removeFirst();
  }

  /** Begins a new lease, since nobody knows what became of this one. */
  void giveUp() {
    next.clear();
  }
}
