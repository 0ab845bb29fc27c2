// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.event.EncodedEvent;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A sink that compares everything it is given with the model at once. One thread at a time, but for
 * the credit.
 */
final class CheckedSink implements WatchSink {
  /** What one watch has been told. */
  static final class Check {
    final WatchSpec spec;
    final long floor;
    long cursor;
    long lastProgress;

    Check(WatchSpec spec, long revision) {
      this.spec = spec;
      this.cursor = spec.start() == 0 ? revision + 1 : spec.start();
      this.floor = spec.start() == 0 ? revision : spec.start();
    }
  }

  private final ModelStore store;
  private final String name;
  private final Map<Long, Check> checks = new HashMap<>();
  private final AtomicInteger credit = new AtomicInteger(Integer.MAX_VALUE);

  /** What was sent, in short. */
  final List<String> sent = new ArrayList<>();

  private long events;
  private @Nullable String end;

  CheckedSink(ModelStore store, String name) {
    this.store = store;
    this.name = name;
  }

  /** Creates a watch; to be called in the executor of the session. */
  CreateOutcome create(WatchSession session, WatchSpec spec) {
    CreateOutcome outcome = session.create(spec);
    if (outcome instanceof CreateOutcome.Created created) {
      assertThat(checks.put(created.id(), new Check(spec, created.revision()))).isNull();
    }
    return outcome;
  }

  /** Cancels a watch; to be called in the executor of the session. */
  boolean cancel(WatchSession session, long id) {
    boolean was = session.cancel(id);
    assertThat(checks.remove(id) != null).as("%s watch %d exists", name, id).isEqualTo(was);
    return was;
  }

  /** How many messages with events may be sent before this is not ready any more. */
  void grant(int messages) {
    credit.set(messages);
  }

  List<Long> ids() {
    return List.copyOf(checks.keySet());
  }

  long events() {
    return events;
  }

  @Nullable String end() {
    return end;
  }

  /** Whether everything that happened was told. */
  boolean isComplete() {
    return checks.values().stream()
        .allMatch(check -> store.expected(check.spec, check.cursor, store.revision()).isEmpty());
  }

  /** Everything that happened was told. */
  void assertComplete() {
    checks.forEach(
        (id, check) ->
            assertThat(store.expected(check.spec, check.cursor, store.revision()))
                .as("%s watch %d: not told from %d on", name, id, check.cursor)
                .isEmpty());
  }

  @Override
  public boolean isReady() {
    return credit.get() > 0;
  }

  @Override
  public void events(WatchBatch batch) {
    assertThat(end).as("%s has ended", name).isNull();
    String what = "%s watch %d, revision %d".formatted(name, batch.watchId(), batch.revision());
    Check check = check(batch.watchId());
    assertThat(batch.revision()).as(what).isLessThanOrEqualTo(store.revision());
    List<Event> expected = store.expected(check.spec, check.cursor, batch.revision());
    assertThat(describe(batch.events()))
        .as(what)
        .isEqualTo(describe(expected.stream().map(EncodedEvent::of).toList()));
    assertThat(batch.events()).as(what).isNotEmpty();
    assertThat(batch.previous()).isEqualTo(check.spec.previous());
    assertThat(batch.fragment()).isEqualTo(check.spec.fragment());
    check.cursor = batch.revision() + 1;
    events += batch.events().size();
    credit.decrementAndGet();
    sent.add("events " + batch.watchId() + " @" + batch.revision() + " x" + batch.events().size());
  }

  @Override
  public void progress(long watchId, long revision) {
    assertThat(end).as("%s has ended", name).isNull();
    sent.add("progress " + watchId + " @" + revision);
    if (watchId != WatchSession.ALL_WATCHES) {
      assertThat(check(watchId).spec.progress()).isTrue();
      progress(watchId, check(watchId), revision);
      return;
    }
    assertThat(checks).as("%s: progress without a watch", name).isNotEmpty();
    checks.forEach((id, check) -> progress(id, check, revision));
  }

  private void progress(long watchId, Check check, long revision) {
    String what = "%s watch %d, progress %d".formatted(name, watchId, revision);
    assertThat(store.expected(check.spec, check.cursor, revision)).as(what).isEmpty();
    assertThat(revision)
        .as(what)
        .isLessThanOrEqualTo(store.revision())
        .isGreaterThanOrEqualTo(check.floor)
        .isGreaterThanOrEqualTo(check.lastProgress)
        .isGreaterThanOrEqualTo(check.cursor - 1);
    check.lastProgress = revision;
    check.cursor = Math.max(check.cursor, revision + 1);
  }

  @Override
  public void compacted(long watchId, long compactRevision) {
    assertThat(end).as("%s has ended", name).isNull();
    sent.add("compacted " + watchId + " @" + compactRevision);
    assertThat(compactRevision)
        .isLessThanOrEqualTo(store.compactRevision())
        .isGreaterThan(check(watchId).cursor);
    checks.remove(watchId);
  }

  @Override
  public void stopped() {
    ended("stopped");
  }

  @Override
  public void failed(Failure failure) {
    ended(failure.toString());
  }

  private void ended(String how) {
    assertThat(end).as("%s has ended", name).isNull();
    end = how;
    checks.clear();
  }

  private Check check(long watchId) {
    Check check = checks.get(watchId);
    if (check == null) {
      throw new AssertionError(name + ": there is no watch " + watchId);
    }
    return check;
  }

  private static List<String> describe(List<EncodedEvent> events) {
    return events.stream()
        .map(
            event ->
                event.revision()
                    + " "
                    + new String(event.key().bytes(), StandardCharsets.UTF_8)
                    + " "
                    + HexFormat.of().formatHex(event.bytes()))
        .toList();
  }
}
