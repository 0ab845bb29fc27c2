// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Space;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
      long revision = state.revision();
      return new Decision.Write(
          Pending.unnumbered(
              revision,
              batch ->
                  batch.put(
                      Space.META, MetaKeys.lease(lease.id()), MetaKeys.number(lease.ttlSeconds())),
              new Answer() {
                @Override
                public void visible() {
                  listener.granted(lease);
                  completion.complete(revision);
                }

                @Override
                public void failed(Failure failure) {
                  completion.fail(failure);
                }
              }));
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
    private final Map<Key, Head> pinned = new HashMap<>();

    Revoke(long leaseId, HeadCache heads, LeaseListener listener, Completion<Long> completion) {
      this.leaseId = leaseId;
      this.heads = heads;
      this.listener = listener;
      this.completion = completion;
    }

    /** The heads of its keys may have to be loaded, which may take long. */
    @Override
    public boolean needsSettledEngine() {
      return true;
    }

    @Override
    public void prepare() {}

    @Override
    public Decision decide(OrderedState state) throws FailureException {
      if (!state.leases().exists(leaseId)) {
        throw new FailureException(new Failure.LeaseNotFound());
      }
      List<Change> changes = new ArrayList<>();
      for (Key key : state.leases().keys(leaseId)) {
        Head head = pinned.computeIfAbsent(key, heads::pin);
        heads.load(head);
        changes.add(new Change(head, head.row(), Row.tombstone(state.revision() + 1)));
      }
      byte[] row = MetaKeys.lease(leaseId);
      if (changes.isEmpty()) {
        state.leases().revoke(leaseId);
        return new Decision.Write(
            Pending.unnumbered(
                state.revision(),
                batch -> batch.delete(Space.META, row),
                answer(state.revision())));
      }
      long revision = state.assignRevision();
      state.leases().revoke(leaseId);
      for (Change change : changes) {
        heads.assign(change.head(), change.after());
      }
      return new Decision.Write(
          Pending.revision(
              revision, changes, batch -> batch.delete(Space.META, row), answer(revision)));
    }

    private Answer answer(long revision) {
      return new Answer() {
        @Override
        public void visible() {
          listener.revoked(leaseId);
          completion.complete(revision);
        }

        @Override
        public void failed(Failure failure) {
          completion.fail(failure);
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
