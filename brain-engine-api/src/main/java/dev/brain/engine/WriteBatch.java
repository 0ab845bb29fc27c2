// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Operations and conditions that one commit applies together. For one thread; must not be changed
 * while or after it is committed.
 *
 * <p>Arrays are shared, not copied: the caller must not change them until the commit returned.
 */
public final class WriteBatch {

  /** One change of a batch. */
  public sealed interface Operation {
    /** Sets a key. */
    @SuppressWarnings("ArrayRecordComponent") // identity is never compared
    record Put(Space space, byte[] key, byte[] value) implements Operation {}

    /** Removes a key; nothing happens if it is absent. */
    @SuppressWarnings("ArrayRecordComponent") // identity is never compared
    record Delete(Space space, byte[] key) implements Operation {}

    /** Removes every key of a range. */
    record DeleteRange(Space space, KeyRange range) implements Operation {}
  }

  private final Durability durability;
  private final List<Operation> operations = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>(1);
  private long bytes;

  /** An empty batch that is durable when its commit returns. */
  public WriteBatch() {
    this(Durability.SYNCED);
  }

  /** An empty batch with a chosen durability. */
  public WriteBatch(Durability durability) {
    this.durability = durability;
  }

  /** Adds a put. The key may be of any length from 0 up to what the engine allows. */
  public WriteBatch put(Space space, byte[] key, byte[] value) {
    operations.add(new Operation.Put(space, key, value));
    bytes += key.length + value.length;
    return this;
  }

  /** Adds a delete of one key. */
  public WriteBatch delete(Space space, byte[] key) {
    operations.add(new Operation.Delete(space, key));
    bytes += key.length;
    return this;
  }

  /** Adds a delete of a whole range; an empty range deletes nothing. */
  public WriteBatch deleteRange(Space space, KeyRange range) {
    operations.add(new Operation.DeleteRange(space, range));
    return this;
  }

  /** Adds a condition; all conditions of a batch must hold. */
  public WriteBatch require(Condition condition) {
    conditions.add(condition);
    return this;
  }

  /** The operations in the order they were added; a view that cannot be changed. */
  public List<Operation> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** The conditions; a view that cannot be changed. */
  public List<Condition> conditions() {
    return Collections.unmodifiableList(conditions);
  }

  /** How durable the commit must be when it returns. */
  public Durability durability() {
    return durability;
  }

  /** The bytes of all keys and values that this batch puts or deletes. */
  public long bytes() {
    return bytes;
  }
}
