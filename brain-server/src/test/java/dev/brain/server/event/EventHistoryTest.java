// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class EventHistoryTest {
  private static final long MUCH = 1L << 40;

  @Test
  void read_ofEmptyHistory_reachesTheWatermark() {
    EventHistory history = new EventHistory(7, MUCH, 10);

    assertThat(history.oldest()).isEqualTo(8);
    assertThat(history.read(7, 10, MUCH)).isNull();
    assertThat(history.read(8, 10, MUCH)).isEqualTo(new EventHistory.Slice(List.of(), 7));
    assertThat(history.read(20, 10, MUCH)).isEqualTo(new EventHistory.Slice(List.of(), 19));
  }

  @Test
  void append_beyondTheCount_dropsTheOldest() {
    EventHistory history = new EventHistory(4, MUCH, 2);

    history.append(revisions(5, 6, 8));
    history.append(revisions(9));

    assertThat(history.oldest()).isEqualTo(7);
    assertThat(history.read(6, 10, MUCH)).isNull();
    assertThat(numbers(history, 7)).containsExactly(8, 9);
    assertThat(numbers(history, 9)).containsExactly(9);
  }

  @Test
  void append_beyondTheBytes_keepsTheNewest() {
    EventHistory history = new EventHistory(1, 1, 100);

    history.append(revisions(2, 3));

    assertThat(history.oldest()).isEqualTo(3);
    assertThat(numbers(history, 3)).containsExactly(3);
  }

  @Test
  void append_ofOldRevision_isRefused() {
    EventHistory history = new EventHistory(4, MUCH, 2);

    assertThatThrownBy(() -> history.append(revisions(4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("revision 4 appended (expected: above 4)");
  }

  @Test
  void read_ofLargeRevisions_stopsBeforeTheLimitButNotBeforeTheFirst() {
    EventHistory history = new EventHistory(1, MUCH, 100);
    history.append(revisions(2, 3, 4));
    long one = EncodedRevision.of(revision(2)).bytes();

    EventHistory.Slice two = history.read(2, 10, 2 * one);
    EventHistory.Slice atLeastOne = history.read(2, 10, 1);

    assertThat(two).isNotNull().extracting(EventHistory.Slice::through).isEqualTo(3L);
    assertThat(atLeastOne).isNotNull().extracting(EventHistory.Slice::through).isEqualTo(2L);
  }

  @Test
  void read_atRandom_equalsTheModel() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int maxRevisions = 1 + random.nextInt(3000);
    EventHistory history = new EventHistory(10, MUCH, maxRevisions);
    TreeSet<Long> model = new TreeSet<>();
    long next = 11;
    for (int step = 0; step < 20_000; step++) {
      next += random.nextInt(5) == 0 ? 2 : 1;
      history.append(revisions(next));
      model.add(next);
      if (model.size() > maxRevisions) {
        model.pollFirst();
      }
      long from = model.first() + random.nextInt(maxRevisions + 3);
      int limit = 1 + random.nextInt(40);
      assertThat(history.read(from, limit, MUCH))
          .as("seed %d, step %d", seed, step)
          .isNotNull()
          .satisfies(
              slice ->
                  assertThat(slice.revisions().stream().map(EncodedRevision::number).toList())
                      .isEqualTo(model.tailSet(from).stream().limit(limit).toList()));
    }
  }

  @Test
  void read_ofPackedRevisions_givesTheSameEvents() {
    long seed = Long.getLong("brain.seed", System.nanoTime());
    System.out.println("event history test: -Dbrain.seed=" + seed);
    Random random = new Random(seed);
    EventHistory history = new EventHistory(0, 1 << 20, 100_000);
    TreeMap<Long, EncodedRevision> model = new TreeMap<>();
    for (long number = 1; number <= 10_000; number++) {
      Revision revision = anyRevision(number, random);
      history.append(List.of(revision));
      model.put(number, EncodedRevision.of(revision));
      model.headMap(history.oldest()).clear();
      if (random.nextInt(20) == 0) {
        long from = history.oldest() + random.nextInt(model.size());
        EventHistory.Slice slice = history.read(from, 50, MUCH);
        assertThat(slice).isNotNull();
        assertThat(texts(slice == null ? List.of() : slice.revisions()))
            .as("from %d of %d to %d", from, history.oldest(), number)
            .isEqualTo(texts(model.tailMap(from).values().stream().limit(50).toList()));
      }
    }
    assertThat(model).as("kept in memory").hasSizeBetween(100, 2_000);
  }

  private static Revision anyRevision(long number, Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      byte[] key = new byte[1 + random.nextInt(200)];
      random.nextBytes(key);
      Row before = random.nextBoolean() ? anyRow(number - 1, random) : null;
      Row after =
          before != null && random.nextInt(3) == 0 ? Row.tombstone(number) : anyRow(number, random);
      events.add(new Event(Key.of(key), after, before));
    }
    return new Revision(number, events);
  }

  private static Row anyRow(long number, Random random) {
    byte[] value = new byte[random.nextInt(random.nextInt(50) == 0 ? 60_000 : 300)];
    random.nextBytes(value);
    return Row.live(1, Math.max(1, number), 1, random.nextInt(3), value);
  }

  private static List<String> texts(List<EncodedRevision> revisions) {
    return revisions.stream()
        .map(
            revision ->
                revision.number()
                    + revision.events().stream().map(EventHistoryTest::text).toList().toString())
        .toList();
  }

  private static String text(EncodedEvent event) {
    HexFormat hex = HexFormat.of();
    return "%s at %d, %b, %d of %d bytes: %s"
        .formatted(
            hex.formatHex(event.key().bytes()),
            event.revision(),
            event.isDelete(),
            event.length(false),
            event.length(true),
            hex.formatHex(event.bytes()));
  }

  private static long[] numbers(EventHistory history, long from) {
    EventHistory.Slice slice = history.read(from, 10, MUCH);
    assertThat(slice).isNotNull();
    return slice == null
        ? new long[0]
        : slice.revisions().stream().mapToLong(EncodedRevision::number).toArray();
  }

  private static List<Revision> revisions(long... numbers) {
    return LongStream.of(numbers).mapToObj(EventHistoryTest::revision).toList();
  }

  private static Revision revision(long number) {
    Key key = Key.of(new byte[] {'k'});
    return new Revision(
        number, List.of(new Event(key, Row.live(2, number, number - 1, 0, new byte[10]), null)));
  }
}
