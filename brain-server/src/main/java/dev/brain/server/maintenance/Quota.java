// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

import dev.brain.engine.EngineException;
import dev.brain.engine.Usage;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.mvcc.WriteGate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops growth when the engine uses more space than it may, and all writes while the alarm CORRUPT
 * is raised. Thread-safe.
 *
 * <p>It looks when {@link #check} is called, which somebody does every {@link #CHECK_MILLIS}, not
 * on every write. Once NOSPACE is raised puts are refused before they are applied, until an
 * operator clears the alarm, as in etcd.
 */
public final class Quota implements WriteGate {
  /** How often {@link #check} is to be called. */
  public static final long CHECK_MILLIS = 500;

  /** The quota if none is set: 2 GiB. */
  public static final long DEFAULT_BYTES = 2L << 30;

  private static final Logger logger = LoggerFactory.getLogger(Quota.class);

  private final long bytes;
  private final Alarms alarms;
  private final Alarm alarm;
  private final Supplier<Usage> usage;

  /**
   * A quota.
   *
   * @param configuredBytes the quota; 0 for the default, negative for none
   * @param memberId whose alarm to raise
   * @param usage the space that the engine uses; may block
   */
  public Quota(long configuredBytes, Alarms alarms, long memberId, Supplier<Usage> usage) {
    this.bytes = bytes(configuredBytes);
    this.alarms = alarms;
    this.alarm = new Alarm(memberId, Alarm.Kind.NOSPACE);
    this.usage = usage;
  }

  /**
   * The quota that a setting means.
   *
   * @param configuredBytes 0 for the default
   * @return the quota in bytes; negative if there is none
   */
  public static long bytes(long configuredBytes) {
    return configuredBytes == 0 ? DEFAULT_BYTES : configuredBytes;
  }

  /** The quota in bytes; negative if there is none. */
  public long bytes() {
    return bytes;
  }

  @Override
  public @Nullable Failure refusal(boolean growth) {
    if (alarms.isCorrupt()) {
      return new Failure.Corrupt();
    }
    return growth && alarms.isNoSpace() ? new Failure.NoSpace() : null;
  }

  /** Raises the alarm if the quota is used up. May block on the engine. */
  public void check() {
    if (bytes < 0 || alarms.isNoSpace()) {
      return;
    }
    long used;
    try {
      used = usage.get().totalBytes();
    } catch (EngineException e) {
      logger.warn("the space in use could not be read: {}", e.getMessage());
      return;
    }
    if (used >= bytes) {
      logger.warn("database space exceeded: {} bytes (quota: {}); refusing puts", used, bytes);
      alarms.activate(
          alarm,
          new Completion<>() {
            @Override
            public void complete(Boolean isNew) {}

            @Override
            public void fail(Failure failure) {
              logger.warn("the NOSPACE alarm could not be stored: {}", failure);
            }
          });
    }
  }
}
