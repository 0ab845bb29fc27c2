// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.Map;
import java.util.TreeMap;

/**
 * Until when versions are kept, as PD decides it. Guarded by the cluster.
 *
 * <p>Services say which time they still need; the earliest counts. {@code gc_worker} is always one
 * of them, from time 0 on, so that nothing is collected before it moves. Nobody can claim a time
 * before the earliest one.
 */
final class SafePoints {
  private static final String WORKER = "gc_worker";

  private record Claim(long safePoint, long expiresAtSeconds) {}

  private final Map<String, Claim> claims = new TreeMap<>();
  private long collected;

  SafePoints() {
    claims.put(WORKER, new Claim(0, Long.MAX_VALUE));
  }

  /** The earliest time that anybody still needs, after the claim was taken or refused. */
  long claim(String service, long safePoint, long secondsToLive, long nowSeconds) {
    claims.values().removeIf(claim -> claim.expiresAtSeconds() <= nowSeconds);
    if (secondsToLive <= 0) {
      claims.remove(service);
    } else if (safePoint >= earliest()) {
      boolean forEver = secondsToLive >= Long.MAX_VALUE - nowSeconds;
      claims.put(
          service, new Claim(safePoint, forEver ? Long.MAX_VALUE : nowSeconds + secondsToLive));
    }
    return earliest();
  }

  /** Never goes back. */
  long collect(long safePoint) {
    collected = Math.max(collected, safePoint);
    return collected;
  }

  long collected() {
    return collected;
  }

  private long earliest() {
    return claims.values().stream().mapToLong(Claim::safePoint).min().orElse(0);
  }
}
