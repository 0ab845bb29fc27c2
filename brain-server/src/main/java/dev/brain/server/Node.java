// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.election.Candidate;
import dev.brain.election.Election;
import dev.brain.election.Leader;
import dev.brain.proto.peer.ReadIndexResponse;
import dev.brain.server.grpc.Handover;
import dev.brain.server.grpc.PeerService;
import dev.brain.server.grpc.RoleServices;
import dev.brain.server.grpc.peer.LeaderLink;
import dev.brain.server.http.HealthSource;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.maintenance.Member;
import dev.brain.server.mvcc.StoreView;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of the cluster: follows until it is elected, leads until it is deposed, and follows again.
 * Thread-safe.
 */
final class Node
    implements Candidate, Handover, PeerService.Leadership, HealthSource, AutoCloseable {
  /*
   * All changes of the role happen on one thread, one after another; what the election tells waits in its
   * queue. So a takeover that is overtaken by its own end is finished and then ended.
   *
   * What makes a deposed leader harmless does not wait there: its commits fail by the fence, and its reads
   * are refused from the moment on at which Election.leads turns false, whatever runs.
   *
   * Invariants:
   *  1. There is always a role, and it is closed before the next one begins: the hub is told of revisions by
   *     one role at a time.
   *  2. The revision of what this node shows never goes down: a role begins where the last one ended.
   *  3. Peers are served by a leader only, so that forwarded calls do not go round.
   *  4. What was built for a term tells nothing after that term, also when this node leads again while it
   *     is still being taken down: others may have led, and written, between the terms.
   *  5. Nothing is built for a term unless this node led in it after it had claimed the epoch: then whoever
   *     leads next claims a newer one, so that this one's writes end before the other's begin.
   *  6. Few tasks wait for the thread, so that its queue is never full: the changes of one term, a call of
   *     each way in from outside, and one look for the leader, however often it changes.
   */

  private static final Logger logger = LoggerFactory.getLogger(Node.class);

  private final NodeParts parts;
  private final Election election;
  private final LeaderLink leader;
  private final Runnable lostForGood;
  private final Runnable leaderSeen;
  private final ExecutorService roles;
  private final RoleServices clientServices;
  private final RoleServices peerServices;
  private volatile NodeRole role;
  private volatile long epoch;
  private volatile boolean leaving;
  private volatile boolean closing;

  /** The term of the last takeover. Belongs to the thread of the roles. */
  private long ledTerm;

  /** The last term that has ended, or whose role is being taken down. */
  private final AtomicLong endedTerm = new AtomicLong();

  /** Whether a look for the leader waits to begin. */
  private final AtomicBoolean leaderUnseen = new AtomicBoolean();

  /**
   * A node that follows, and takes no part in the election yet.
   *
   * @param leader calls whoever leads
   * @param revision the newest revision that is stored
   * @param lostForGood run if another node has taken over from this one, which has no election
   * @param leaderSeen run each time that another leader, or none, is seen; may block
   * @param roles one thread; stays the caller's
   */
  Node(
      NodeParts parts,
      Election election,
      LeaderLink leader,
      long revision,
      Runnable lostForGood,
      Runnable leaderSeen,
      ExecutorService roles) {
    this.parts = parts;
    this.election = election;
    this.leader = leader;
    this.lostForGood = lostForGood;
    this.leaderSeen = leaderSeen;
    this.roles = roles;
    this.role = new Following(parts, leader, this::observedEpoch, revision);
    this.clientServices = new RoleServices(role.services());
    this.peerServices = new RoleServices(role.services());
    clientServices.install(role.services());
  }

  /** Takes part in the election from now on; one that is alone leads when this returns. */
  void begin() {
    election.start(this);
  }

  /** The services for clients, whose work depends on the role. */
  List<ServerServiceDefinition> clientServices() {
    return clientServices.definitions();
  }

  /** The services for other nodes, which only a leader serves. */
  List<ServerServiceDefinition> peerServices() {
    return peerServices.definitions();
  }

  /** What this node reads now. */
  StoreView view() {
    return role.view();
  }

  /** The epoch of the newest leader that this node knows of; 0 if it knows none. */
  long epoch() {
    return epoch;
  }

  @Override
  public boolean hasLeader() {
    return !leaving && election.leader().isPresent();
  }

  /** Whether this node leads. */
  boolean leads() {
    return role instanceof Leading && election.leads();
  }

  @Override
  public Optional<String> readFailure(boolean serializable) {
    return role.readFailure(serializable);
  }

  @Override
  public Set<String> alarms() {
    return role.alarms().stream().map(alarm -> alarm.kind().name()).collect(Collectors.toSet());
  }

  @Override
  public ReadIndexResponse readIndex() throws FailureException {
    if (!(role instanceof Leading leading)) {
      throw new FailureException(new Failure.LeaderChanged());
    }
    return ReadIndexResponse.newBuilder().setRevision(leading.store().readIndex()).build();
  }

  /** The newest leader has told its epoch. */
  void observedEpoch(long number) {
    epoch = Math.max(epoch, number);
  }

  @Override
  public void elected(long term) {
    try {
      roles.submit(() -> takeOver(term)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the takeover was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Asked in this order: if another term of this node has begun, this one has ended before. */
  private boolean leadsIn(long begun) {
    return election.leads() && !hasEnded(begun);
  }

  private boolean hasEnded(long asked) {
    return asked <= endedTerm.get();
  }

  private void ended(long last) {
    endedTerm.accumulateAndGet(last, Math::max);
  }

  private void takeOver(long begun) {
    if (closing || role instanceof Leading || !leadsIn(begun)) {
      return;
    }
    NodeRole following = role;
    following.close();
    Leading leading;
    try {
      leading = Leading.begin(parts, () -> leadsIn(begun), () -> fenced(begun), this);
    } catch (RuntimeException | Error e) {
      follow();
      throw e;
    }
    observedEpoch(leading.store().epoch());
    ledTerm = begun;
    role = leading;
    clientServices.install(leading.services());
    peerServices.install(leading.services());
    logger
        .atInfo()
        .addKeyValue("epoch", leading.store().epoch())
        .addKeyValue("revision", leading.store().revision())
        .log("this node leads");
  }

  @Override
  public void deposed(long term) {
    ended(term);
    change(this::stepDown);
  }

  private void change(Runnable task) {
    try {
      roles.execute(task);
    } catch (RejectedExecutionException e) {
      logger.debug("a change of the role after the end", e);
    }
  }

  /** Answers whether this node led. */
  private boolean stepDown() {
    if (!(role instanceof Leading leading)) {
      return false;
    }
    peerServices.refuse();
    ended(ledTerm);
    leading.close();
    logger.info("this node does not lead any more");
    follow();
    return true;
  }

  private void follow() {
    role = new Following(parts, leader, this::observedEpoch, parts.hub().newest());
    clientServices.install(role.services());
  }

  /** Another node has taken over, and this one has found it out by a commit. */
  private void fenced(long lost) {
    if (closing) {
      return;
    }
    lostForGood.run();
    change(
        () -> {
          if (!hasEnded(lost) && stepDown()) {
            var _ = election.resign(Optional.empty());
          }
        });
  }

  @Override
  public void observed(Optional<Leader> newLeader) {
    logger.info("the leader is {}", newLeader.map(Leader::identity).orElse("not known"));
    if (!leaderUnseen.getAndSet(true)) {
      change(
          () -> {
            leaderUnseen.set(false);
            leaderSeen.run();
          });
    }
  }

  @Override
  public boolean to(Member target) {
    try {
      return roles.submit(() -> stepDown() && election.resign(Optional.of(target.name()))).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | RejectedExecutionException e) {
      logger.error("the lead could not be given away", e);
      return false;
    }
  }

  /** From now on probes see a node that is about to go. */
  void leave() {
    leaving = true;
  }

  /** Stops taking part: carries out what is under way, then lets another node lead at once. */
  @Override
  public void close() {
    try {
      roles
          .submit(
              () -> {
                closing = true;
                return stepDown();
              })
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RejectedExecutionException e) {
      logger.error("this node could not stop leading in order", e);
    }
    election.close();
  }

  /** Ends the role; to be called when nobody is served any more. */
  void end() {
    role.close();
  }
}
