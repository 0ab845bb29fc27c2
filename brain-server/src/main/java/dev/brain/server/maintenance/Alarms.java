// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.engine.EngineException;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.mvcc.Store;
import dev.brain.server.mvcc.StoreView;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The alarms that are raised. Survives restarts. Thread-safe; only opening blocks. */
public final class Alarms {
  /*
   * All alarms are one record, written as a whole on each change: kind (one byte) and member (eight
   * bytes, big-endian), once per alarm, in order.
   *
   * A change counts from the moment it is made here, before it is durable: an alarm that protects must
   * not wait. Records are written in the order of the changes, because both happen under the lock, so
   * the last record is the state here. If writing fails the state here stands until the next start;
   * the caller is told.
   */

  private static final String RECORD = "server/alarms";
  private static final int ALARM_BYTES = 1 + Long.BYTES;

  private final Store store;

  @GuardedBy("this")
  private final SortedSet<Alarm> raised;

  private volatile boolean noSpace;
  private volatile boolean corrupt;

  /**
   * Reads the stored alarms.
   *
   * @throws EngineException.Corrupted if they cannot be understood
   */
  public static Alarms open(Store store) {
    return new Alarms(store, stored(store));
  }

  /**
   * The alarms that are stored, in order. Blocks.
   *
   * @throws EngineException.Corrupted if they cannot be understood
   */
  public static SortedSet<Alarm> stored(StoreView store) {
    return decode(store.record(RECORD));
  }

  private Alarms(Store store, SortedSet<Alarm> raised) {
    this.store = store;
    this.raised = raised;
    this.noSpace = contains(raised, Alarm.Kind.NOSPACE);
    this.corrupt = contains(raised, Alarm.Kind.CORRUPT);
  }

  /** All alarms raised now, in order. */
  public synchronized SortedSet<Alarm> all() {
    return new TreeSet<>(raised);
  }

  /** Whether the space quota is used up on some member. */
  public boolean isNoSpace() {
    return noSpace;
  }

  /** Whether the data of some member are known to be damaged. */
  public boolean isCorrupt() {
    return corrupt;
  }

  /**
   * Raises an alarm.
   *
   * @param completion receives whether it was not raised before
   */
  public synchronized void activate(Alarm alarm, Completion<Boolean> completion) {
    change(raised.add(alarm), completion);
  }

  /**
   * Clears an alarm.
   *
   * @param completion receives whether it was raised before
   */
  public synchronized void deactivate(Alarm alarm, Completion<Boolean> completion) {
    change(raised.remove(alarm), completion);
  }

  @GuardedBy("this")
  private void change(boolean changed, Completion<Boolean> completion) {
    noSpace = contains(raised, Alarm.Kind.NOSPACE);
    corrupt = contains(raised, Alarm.Kind.CORRUPT);
    if (!changed) {
      completion.complete(false);
      return;
    }
    store.putRecord(RECORD, encode(raised), new Written(completion));
  }

  private record Written(Completion<Boolean> completion) implements Completion<Long> {
    @Override
    public void complete(Long revision) {
      completion.complete(true);
    }

    @Override
    public void fail(Failure failure) {
      completion.fail(failure);
    }
  }

  private static boolean contains(SortedSet<Alarm> alarms, Alarm.Kind kind) {
    return alarms.stream().anyMatch(alarm -> alarm.kind() == kind);
  }

  private static byte @Nullable [] encode(SortedSet<Alarm> alarms) {
    if (alarms.isEmpty()) {
      return null;
    }
    ByteBuffer record = ByteBuffer.allocate(alarms.size() * ALARM_BYTES);
    for (Alarm alarm : alarms) {
      record.put((byte) alarm.kind().number()).putLong(alarm.memberId());
    }
    return record.array();
  }

  private static SortedSet<Alarm> decode(byte @Nullable [] record) {
    SortedSet<Alarm> alarms = new TreeSet<>();
    if (record == null) {
      return alarms;
    }
    if (record.length % ALARM_BYTES != 0) {
      throw new EngineException.Corrupted(
          RECORD + ": " + record.length + " bytes (expected: a multiple of " + ALARM_BYTES + ")",
          null);
    }
    ByteBuffer buffer = ByteBuffer.wrap(record);
    while (buffer.hasRemaining()) {
      Alarm.Kind kind = kind(buffer.get());
      alarms.add(new Alarm(buffer.getLong(), kind));
    }
    return alarms;
  }

  private static Alarm.Kind kind(byte number) {
    for (Alarm.Kind kind : Alarm.Kind.values()) {
      if (kind.number() == number) {
        return kind;
      }
    }
    throw new EngineException.Corrupted(
        RECORD + ": alarm of kind " + number + " (expected: 1 or 2)", null);
  }
}
