// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Granting and revoking leases in the one order of writes. */
final class LeaseCommands {
  private LeaseCommands() {}

  /** Makes a lease; no revision. */
  static final class Grant implements Command {
    private final LeaseRecord lease;
    private final LeaseListener listener;
    private final Completion<Long> completion;

    Grant(LeaseRecord lease, LeaseListener listener, Completion<Long> completion) {
      this.lease = lease;
      this.listener = listener;
      this.completion = completion;
    }

    @Override
    public boolean needsSettledEngine() {
      return false;
    }

    @Override
    public void prepare() {}

    @Override
    public Decision decide(OrderedState state) throws FailureException {
      if (state.leases().exists(lease.id())) {
        throw new FailureException(new Failure.LeaseExists());
      }
      state.leases().grant(lease);
      return new Decision.Write(
          Pending.unnumbered(
              batch ->
                  batch.put(
                      Space.META, MetaKeys.lease(lease.id()), MetaKeys.number(lease.ttlSeconds())),
              new Effect() {
                @Override
                public void applied() {
                  listener.granted(lease);
                }

                @Override
                public void undone() {
                  state.leases().revoke(lease.id());
                }
              },
              Answer.of(state.revision(), completion)));
    }

    @Override
    public void release() {}

    @Override
    public void fail(Failure failure) {
      completion.fail(failure);
    }
  }

  /** Ends a lease and deletes its keys, in key order, in one revision. */
  static final class Revoke implements Command {
    private final long leaseId;
    private final HeadCache heads;
    private final LeaseListener listener;
    private final Completion<Long> completion;
    private final @Nullable List<Key> keys;
    private final Map<Key, Head> pinned = new HashMap<>();

    /**
     * @param keys what the lease holds now, to have their heads loaded before the turn; null to
     *     have them loaded in the turn, with a settled engine, where nobody waits for this call
     */
    Revoke(
        long leaseId,
        @Nullable List<Key> keys,
        HeadCache heads,
        LeaseListener listener,
        Completion<Long> completion) {
      this.leaseId = leaseId;
      this.keys = keys;
      this.heads = heads;
      this.listener = listener;
      this.completion = completion;
    }

    @Override
    public boolean needsSettledEngine() {
      return keys == null;
    }

    @Override
    public void prepare() {
      if (keys != null) {
        keys.forEach(this::load);
      }
    }

    private Head load(Key key) {
      Head head = pinned.computeIfAbsent(key, heads::pin);
      heads.load(head);
      return head;
    }

    @Override
    public Decision decide(OrderedState state) throws FailureException {
      if (!state.leases().exists(leaseId)) {
        throw new FailureException(new Failure.LeaseNotFound());
      }
      List<Change> changes = new ArrayList<>();
      for (Key key : state.leases().keys(leaseId)) {
        // What was attached since prepare was written just now: its head is at hand.
        Head head = load(key);
        changes.add(new Change(head, head.row(), Row.tombstone(state.next())));
      }
      long revision = changes.isEmpty() ? 0 : state.assign(changes);
      LeaseRecord revoked = state.leases().revoke(leaseId);
      Consumer<WriteBatch> record = batch -> batch.delete(Space.META, MetaKeys.lease(leaseId));
      Effect effect = effect(state, Objects.requireNonNull(revoked));
      Answer answer = Answer.of(state.revision(), completion);
      return new Decision.Write(
          changes.isEmpty()
              ? Pending.unnumbered(record, effect, answer)
              : Pending.revision(revision, changes, record, effect, answer));
    }

    private Effect effect(OrderedState state, LeaseRecord revoked) {
      return new Effect() {
        @Override
        public void applied() {
          listener.revoked(leaseId);
        }

        @Override
        public void undone() {
          state.leases().grant(revoked);
        }
      };
    }

    @Override
    public void release() {
      pinned.values().forEach(heads::unpin);
      pinned.clear();
    }

    @Override
    public void fail(Failure failure) {
      completion.fail(failure);
    }
  }
}
