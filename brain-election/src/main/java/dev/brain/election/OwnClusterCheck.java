// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Refuses a Lease that is kept, by way of an API server, in the very storage that the election is
 * about. That would be a circle: without a leader there is no API server, without it no Lease, and
 * so never a leader again.
 *
 * <p>Each look at the record also looks for the key of the Lease in this node's own storage; where
 * it is found, the call fails with a line that says so, and nobody is elected. Once the Lease was
 * there and the key was not, this node asks no more.
 */
public final class OwnClusterCheck implements LeaderRecordStore {
  private final LeaderRecordStore store;
  private final KubernetesLease lease;
  private final Predicate<String> holds;

  /** Read and written by one call at a time. */
  private boolean passed;

  /**
   * Checks before the calls of another store are believed.
   *
   * @param holds whether this node's storage holds a key; may block, and may throw if the storage
   *     cannot be read now
   */
  public OwnClusterCheck(LeaderRecordStore store, KubernetesLease lease, Predicate<String> holds) {
    this.store = store;
    this.lease = lease;
    this.holds = holds;
  }

  @Override
  public Optional<Stored> read() {
    Optional<Stored> answer = store.read();
    if (answer.isPresent()) {
      check();
    }
    return answer;
  }

  @Override
  public Outcome write(Optional<Stored> expected, LeaderRecord next) {
    Outcome outcome = store.write(expected, next);
    if (outcome instanceof Outcome.Written) {
      check();
    }
    return outcome;
  }

  private void check() {
    if (passed) {
      return;
    }
    if (holds.test(lease.key())) {
      throw new IllegalStateException(
          "refused: it is stored in this Brain itself, as "
              + lease.key()
              + " (expected: a Lease of another cluster, or --election=engine)");
    }
    passed = true;
  }

  @Override
  public boolean canVanish() {
    return store.canVanish();
  }

  @Override
  public String toString() {
    return store.toString();
  }

  @Override
  public void close() {
    store.close();
  }
}
