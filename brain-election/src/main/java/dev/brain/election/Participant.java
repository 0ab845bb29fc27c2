// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import dev.brain.election.LeaderRecordStore.Outcome;
import dev.brain.election.LeaderRecordStore.Stored;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One node in an election by record. For the election's thread, where not said otherwise. */
final class Participant {

  /*
   * One step follows another. A step makes one call of the store, on another thread; the end of that call
   * decides what the next step is and when. Invariants:
   *
   *  1. Nobody compares clocks. A leader's time is counted from before its last successful write was sent,
   *     by its own monotonic clock; the others' from after the first answer that showed them that write,
   *     by theirs. Their time begins later, is longer, and so ends later.
   *  2. A record is replaced only on condition that it is still the one that was seen, so of several that
   *     try one succeeds. No two writes leave the same record, so a leader that renews is seen to.
   *  3. A process is known by its instance, a random number, and not by its identity: a second process
   *     of one name is just another node that waits.
   *  4. Where a record can be deleted, its absence is no right to lead: a vacant record is put there and
   *     waited out, so that a leader whose record was deleted has stopped by then.
   *  5. One call of the store is under way at a time. A write whose outcome is unknown (the attempt) is
   *     looked for before anything else is written. It counts from when it was sent, whenever it is
   *     found.
   *  6. The thread never blocks, so that the alarm deposes on time while a call of the store hangs. And
   *     leads() does not need the alarm: it compares the tenure with the clock.
   *  7. A release is written only after deposed() has returned.
   */

  private static final Logger log = LoggerFactory.getLogger(RecordElection.class);

  /** A pause is up to this share shorter than the retry period, so that nodes fall out of step. */
  private static final double JITTER = 0.2;

  /** A release that failed is tried again this many times in a retry period. */
  private static final int RELEASES_PER_RETRY = 5;

  /** What an election is made of. */
  record Parts(
      LeaderRecordStore store,
      String identity,
      ElectionTimes times,
      ElectionThreads threads,
      LongSupplier nanoTime,
      RandomGenerator random,
      LeaseCounting counting) {}

  /** A write that is under way, or whose outcome is not known. */
  private record Attempt(LeaderRecord record, long sent) {}

  /** Leadership being given up. */
  private record Release(String successor, long giveUpAt, CompletableFuture<Boolean> done) {}

  /** What to do with the answer of a call of the store. */
  private interface Answered<T> {
    void accept(T answer, long sent);
  }

  private final Parts parts;
  private final String instance;
  private final long lease;
  private final long renewDeadline;
  private final long retry;
  private final CandidateCalls candidate;
  private final RecordView view;

  /** Set while this node leads. Read by any thread. */
  private volatile @Nullable Tenure tenure;

  /** Another node that leads. Read by any thread. */
  private volatile @Nullable Tenure other;

  private boolean calling;
  private @Nullable Attempt attempt;
  private boolean looksFirst;
  private @Nullable Release release;
  private @Nullable Long standsBackUntil;
  private boolean closing;
  private boolean closed;
  private @Nullable Future<?> nextStep;
  private @Nullable Future<?> alarm;
  private @Nullable String complaint;

  /** One that has not begun; made by the thread that starts the election. */
  Participant(Parts parts, Candidate candidate) {
    this.parts = parts;
    this.instance = randomInstance();
    this.lease = parts.times().lease().toNanos();
    this.renewDeadline = parts.times().renewDeadline().toNanos();
    this.retry = parts.times().retry().toNanos();
    this.candidate = new CandidateCalls(candidate, parts.threads(), this::electedFailed);
    this.view = new RecordView(parts.identity(), instance, parts.times());
  }

  /** See {@link Election#leads}. For any thread. */
  boolean leads() {
    Tenure mine = tenure;
    return mine != null && mine.lasts(now());
  }

  /** See {@link Election#leader}. For any thread. */
  Optional<Leader> leader() {
    long now = now();
    Tenure mine = tenure;
    if (mine != null && mine.lasts(now)) {
      return Optional.of(mine.leader());
    }
    Tenure seen = other;
    return seen != null && seen.lasts(now) ? Optional.of(seen.leader()) : Optional.empty();
  }

  /** Does what is to be done next, unless a call of the store is under way. */
  void step() {
    if (calling || closed) {
      return;
    }
    Release wanted = release;
    if (wanted != null && now() - wanted.giveUpAt() >= 0) {
      endRelease(false);
      wanted = null;
    }
    Optional<Stored> own = view.own();
    if (attempt != null || looksFirst) {
      look();
    } else if (wanted != null && own.isPresent()) {
      write(own, own.get().record().released(wanted.successor()));
    } else if (wanted != null) {
      endRelease(false);
      pause();
    } else if (tenure != null) {
      write(own, own.orElseThrow().record().renewed());
    } else if (!closing) {
      look();
    }
  }

  private void look() {
    call(parts.store()::read, this::looked, () -> {});
  }

  private void looked(Optional<Stored> answer, long sent) {
    Attempt tried = attempt;
    attempt = null;
    looksFirst = false;
    see(answer, sent);
    if (tried != null && answer.map(Stored::record).equals(Optional.of(tried.record()))) {
      written(tried);
      return;
    }
    if (tenure != null && view.own().isEmpty()) {
      depose(Level.WARN, "another node has taken the record");
    }
    observe();
    if (tried != null) {
      pause();
    } else if (release != null) {
      step();
    } else if (tenure == null && mayTake()) {
      take();
    } else {
      pause();
    }
  }

  private boolean mayTake() {
    Long until = standsBackUntil;
    boolean standsBack = until != null && until - now() > 0 && !view.isReleasedToThis();
    return !closing && !standsBack && !candidate.isElecting() && view.isFree(now());
  }

  private void take() {
    Optional<Stored> before = view.stored();
    LeaderRecord next =
        before.isEmpty() && parts.store().canVanish()
            ? LeaderRecord.vacant(randomInstance(), view.highestTerm())
            : LeaderRecord.taken(parts.identity(), instance, view.highestTerm() + 1);
    write(before, next);
  }

  private void write(Optional<Stored> expected, LeaderRecord next) {
    Attempt tried = new Attempt(next, now());
    attempt = tried;
    call(
        () -> parts.store().write(expected, next),
        (outcome, sent) -> {
          switch (outcome) {
            case Outcome.Written(Stored stored) -> {
              attempt = null;
              see(Optional.of(stored), sent);
              written(tried);
            }
            case Outcome.Lost() -> {
              attempt = null;
              looksFirst = true;
              if (tenure != null) {
                step();
              } else {
                pause();
              }
            }
            case Outcome.Uncertain _ -> step();
          }
        },
        () -> attempt = null);
  }

  /** What this node wrote is stored, and is what is seen. */
  private void written(Attempt done) {
    LeaderRecord record = done.record();
    long until = parts.counting().leader(done.sent(), now()) + renewDeadline;
    Tenure next = new Tenure(record.leader(), until);
    Tenure current = tenure;
    if (record.isReleased()) {
      endRelease(true);
    } else if (current != null && !current.lasts(now())) {
      depose(Level.WARN, "the record was not renewed in time");
    } else if (current != null) {
      tenure = next;
    } else if (isTaken(record) && !closing && next.lasts(now())) {
      log.info("{} leads, term {}", parts.identity(), record.term());
      tenure = next;
      observe();
      candidate.elected(record.term());
    }
    observe();
    if (release != null) {
      step();
    } else {
      pause(jittered() - (now() - done.sent()));
    }
  }

  private boolean isTaken(LeaderRecord record) {
    return record.instance().equals(instance) && record.renewal() == 0;
  }

  /** Takes in what the store holds. */
  private void see(Optional<Stored> answer, long sent) {
    if (view.showsTwin(answer)) {
      log.warn(
          "another process takes part in the election as {} (expected: a name of its own for each)",
          parts.identity());
    }
    view.see(answer, parts.counting().others(sent, now()));
  }

  /** Gives leadership up; see {@link Election#resign}. */
  void resign(String successor, CompletableFuture<Boolean> done) {
    if (tenure == null) {
      done.complete(false);
      return;
    }
    depose(Level.INFO, "leadership is given up");
    observe();
    release(successor, done);
  }

  private void release(String successor, CompletableFuture<Boolean> done) {
    standsBackUntil = now() + lease;
    release = new Release(successor, now() + renewDeadline, done);
    cancel(nextStep);
    step();
  }

  private void endRelease(boolean released) {
    Release ended = release;
    release = null;
    if (ended != null) {
      ended.done().complete(released);
    }
  }

  private void electedFailed(long term) {
    Tenure mine = tenure;
    if (mine != null && mine.leader().term() == term) {
      resign("", new CompletableFuture<>());
    }
  }

  /** Takes nothing any more and releases what this node holds or may come to hold. */
  void beginClose(CompletableFuture<Boolean> done) {
    closing = true;
    Release pending = release;
    if (pending != null) {
      var _ = pending.done().thenAccept(done::complete);
    } else if (tenure != null) {
      resign("", done);
    } else if ((attempt != null || view.own().isPresent())) {
      release("", done);
    } else {
      done.complete(false);
    }
  }

  /** Ends all; a call of the store that still hangs is left to itself. */
  void endClose(CompletableFuture<Boolean> done) {
    closed = true;
    cancel(nextStep);
    cancel(alarm);
    other = null;
    done.complete(true);
  }

  private void depose(Level level, String reason) {
    Tenure mine = Objects.requireNonNull(tenure);
    tenure = null;
    log.atLevel(level)
        .log("{} leads no more, term {}: {}", parts.identity(), mine.leader().term(), reason);
    candidate.deposed();
  }

  /** Brings up to date what others are told, and sets the alarm for when that ends. */
  private void observe() {
    other = view.other().filter(it -> it.lasts(now())).orElse(null);
    candidate.observed(leader());
    Tenure shown = tenure != null ? tenure : other;
    cancel(alarm);
    alarm = shown == null ? null : parts.threads().schedule(this::alarm, shown.until() - now());
  }

  private void alarm() {
    Tenure mine = tenure;
    if (mine != null && !mine.lasts(now())) {
      depose(Level.WARN, "the record was not renewed in time");
    }
    observe();
  }

  private <T> void call(Supplier<T> work, Answered<T> then, Runnable otherwise) {
    calling = true;
    long sent = now();
    ElectionThreads threads = parts.threads();
    threads.block(
        () -> {
          T answer;
          try {
            answer = work.get();
          } catch (RuntimeException | Error e) {
            threads.tell(() -> failed(e, otherwise));
            return;
          }
          threads.tell(() -> answered(answer, sent, then));
        },
        rejected -> failed(rejected, otherwise));
  }

  private <T> void answered(T answer, long sent, Answered<T> then) {
    calling = false;
    if (complaint != null) {
      log.info("{}: reached again", parts.store());
      complaint = null;
    }
    if (!closed) {
      then.accept(answer, sent);
    }
  }

  private void failed(Throwable failure, Runnable otherwise) {
    calling = false;
    if (closed) {
      return;
    }
    String text = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    if (!text.equals(complaint)) {
      complaint = text;
      log.warn("{}: {}; trying again", parts.store(), text);
    }
    otherwise.run();
    pause();
  }

  private String randomInstance() {
    return HexFormat.of().toHexDigits(parts.random().nextLong());
  }

  private void pause() {
    pause(release == null ? jittered() : retry / RELEASES_PER_RETRY);
  }

  private void pause(long nanos) {
    cancel(nextStep);
    nextStep = parts.threads().schedule(this::step, nanos);
  }

  private long jittered() {
    return retry - (long) (parts.random().nextDouble() * JITTER * retry);
  }

  private static void cancel(@Nullable Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }

  private long now() {
    return parts.nanoTime().getAsLong();
  }
}
