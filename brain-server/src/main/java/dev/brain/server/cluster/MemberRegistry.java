// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.cluster;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The members of a cluster, as rows of the engine that they share. Every method blocks, and throws
 * as {@link Engine} does. Thread-safe.
 */
public final class MemberRegistry {
  /*
   * One row member/<id> for each member. Members write their own rows, whoever leads: the rows are no
   * part of what revisions tell, and no fence guards them. Each write is conditional on what was read
   * before, so that of two processes of one name one sees the other.
   */

  private static final byte[] ROWS = "member/".getBytes(StandardCharsets.US_ASCII);

  /** How often a write is tried that others get in the way of, or whose outcome is not known. */
  private static final int ATTEMPTS = 10;

  private final Engine engine;

  /** The registry in an engine. */
  public MemberRegistry(Engine engine) {
    this.engine = engine;
  }

  /**
   * Registers this process as a member. A row that another process of the same name has left is
   * taken over, unless that process answers at one of its peer URLs. So a process must serve its
   * own peer URLs before it registers, or two that start at the same time could miss each other.
   *
   * @param self with an id made by {@link RegisteredMember#id}
   * @param instances asks the other process
   * @throws EngineException.Unavailable if it could not be written; registering again is safe
   */
  public Registration register(RegisteredMember self, Instances instances) {
    byte[] key = key(self.member().id());
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      byte[] current = engine.get(Space.META, key);
      if (current != null) {
        RegisteredMember other = RegisteredMember.decode(self.member().id(), current);
        if (other.equals(self)) {
          return new Registration.Done();
        }
        String url = other.instance() == self.instance() ? null : answering(other, instances);
        if (url != null) {
          return new Registration.NameTaken(self.member().name(), url);
        }
      }
      WriteBatch batch =
          new WriteBatch().require(unchanged(key, current)).put(Space.META, key, self.encode());
      if (committed(batch)) {
        return new Registration.Done();
      }
    }
    throw new EngineException.Unavailable(
        "member " + self.member().name() + " could not be registered: others write its row", null);
  }

  /** Where a registered process answers; null if it does nowhere. */
  static @Nullable String answering(RegisteredMember member, Instances instances) {
    for (String url : member.member().peerUrls()) {
      if (instances.at(url).equals(OptionalLong.of(member.instance()))) {
        return url;
      }
    }
    return null;
  }

  /** All members, by ascending id. */
  public List<RegisteredMember> list() {
    List<RegisteredMember> members = new ArrayList<>();
    try (Snapshot snapshot = engine.snapshot();
        Cursor rows = snapshot.scan(Space.META, KeyRange.prefix(ROWS), ScanOptions.FORWARD)) {
      while (rows.next()) {
        byte[] key = rows.key();
        if (key.length == ROWS.length + Long.BYTES) {
          long id = ByteBuffer.wrap(key).getLong(ROWS.length);
          members.add(RegisteredMember.decode(id, rows.value()));
        }
      }
    }
    return members;
  }

  /**
   * Removes a member, if it is still registered as this process.
   *
   * @return whether it was removed
   */
  public boolean remove(RegisteredMember member) {
    byte[] key = key(member.member().id());
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      byte[] current = engine.get(Space.META, key);
      if (current == null
          || RegisteredMember.decode(member.member().id(), current).instance()
              != member.instance()) {
        return false;
      }
      if (committed(new WriteBatch().require(unchanged(key, current)).delete(Space.META, key))) {
        return true;
      }
    }
    throw new EngineException.Unavailable(
        "member " + member.member().name() + " could not be removed: others write its row", null);
  }

  private boolean committed(WriteBatch batch) {
    return switch (engine.commit(batch)) {
      case CommitOutcome.Committed() -> true;
      case CommitOutcome.ConditionFailed _ -> false;
      case CommitOutcome.Unknown unknown -> settled(unknown);
    };
  }

  private boolean settled(CommitOutcome.Unknown unknown) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Fate fate = engine.settle(unknown);
      if (fate != Fate.STILL_UNKNOWN) {
        return fate == Fate.COMMITTED;
      }
    }
    throw new EngineException.Unavailable(
        "it is not known whether the list of members was written", unknown.cause());
  }

  private static Condition unchanged(byte[] key, byte @Nullable [] current) {
    return current == null
        ? new Condition.Absent(Space.META, key)
        : new Condition.Holds(Space.META, key, current);
  }

  private static byte[] key(long id) {
    return ByteBuffer.allocate(ROWS.length + Long.BYTES).put(ROWS).putLong(id).array();
  }
}
