// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.election.Candidate;
import dev.brain.election.Election;
import dev.brain.election.Leader;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An election that the test decides. */
final class HandElection implements Election {
  private final String identity;
  private final AtomicReference<Optional<Leader>> known;
  private volatile boolean leads;
  private final AtomicLong term = new AtomicLong();
  private volatile @Nullable Candidate candidate;

  /**
   * @param known whom all nodes take for the leader
   */
  HandElection(String identity, AtomicReference<Optional<Leader>> known) {
    this.identity = identity;
    this.known = known;
  }

  @Override
  public void start(Candidate told) {
    candidate = told;
  }

  /** Lets this node win; returns when it leads. */
  void elect() {
    term.incrementAndGet();
    leads = true;
    known.set(Optional.of(new Leader(identity, 1)));
    Candidate told = candidate;
    if (told != null) {
      told.elected(term.get());
    }
  }

  /** Lets the lease of this node run out before it is told. */
  void lapse() {
    leads = false;
  }

  /** Lets this node win again, after others, before it is asked to do anything about it. */
  void winAgain() {
    term.incrementAndGet();
    leads = true;
  }

  /** Lets this node lose. */
  void depose() {
    leads = false;
    known.compareAndSet(Optional.of(new Leader(identity, 1)), Optional.empty());
    Candidate told = candidate;
    if (told != null) {
      told.deposed(term.get());
    }
  }

  @Override
  public boolean leads() {
    return leads;
  }

  @Override
  public Optional<Leader> leader() {
    return known.get();
  }

  @Override
  public boolean resign(Optional<String> successor) {
    boolean led = leads;
    depose();
    return led;
  }

  @Override
  public void close() {
    if (leads) {
      depose();
    }
  }
}
