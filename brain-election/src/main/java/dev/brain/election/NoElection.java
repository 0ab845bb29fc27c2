// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For a node that is alone with its storage: it leads from its start until it is closed.
 *
 * <p>{@link #start} calls {@link Candidate#elected} itself and returns when that has returned; what
 * it throws, {@code start} throws. Leadership cannot be given up, since nobody could take it.
 */
public final class NoElection implements Election {
  private static final long TERM = 1;

  private final Leader self;
  private boolean started;
  private @Nullable Candidate candidate;
  private volatile boolean leads;

  /**
   * An election of one.
   *
   * @param identity the name of this node
   */
  public NoElection(String identity) {
    this.self = new Leader(identity, TERM);
  }

  @Override
  public synchronized void start(Candidate candidate) {
    if (started) {
      throw new IllegalStateException("the election was started or closed before");
    }
    started = true;
    this.candidate = candidate;
    leads = true;
    candidate.observed(Optional.of(self));
    try {
      candidate.elected(TERM);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  @Override
  public boolean leads() {
    return leads;
  }

  @Override
  public Optional<Leader> leader() {
    return leads ? Optional.of(self) : Optional.empty();
  }

  /** Does nothing and answers false. */
  @Override
  public boolean resign(Optional<String> successor) {
    return false;
  }

  @Override
  public synchronized void close() {
    started = true;
    leads = false;
    Candidate told = candidate;
    candidate = null;
    if (told != null) {
      told.deposed(TERM);
      told.observed(Optional.empty());
    }
  }
}
