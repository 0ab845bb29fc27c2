// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.event.EncodedEvent;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WatcherIndexTest {
  private static final int STEPS = 6_000;

  @Test
  void collect_atRandom_findsTheWatchersOfTheKey() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    WatcherIndex index = new WatcherIndex(new SplittableRandom(seed));
    List<Watcher> model = new ArrayList<>();
    try (Simulation simulation = new Simulation(seed)) {
      WatchSession session = simulation.openStream().session();
      for (int step = 0; step < STEPS; step++) {
        if (model.isEmpty() || random.nextInt(100) < 52) {
          Watcher watcher = new Watcher(session, step, WatchSpec.of(range(random), 1), 1, 1);
          index.add(watcher);
          model.add(watcher);
        } else {
          Watcher removed = model.remove(random.nextInt(model.size()));
          index.remove(removed);
        }
        byte[] key = key(random);
        assertThat(found(index, key))
            .as("seed %d, step %d", seed, step)
            .containsExactlyInAnyOrderElementsOf(
                model.stream().filter(watcher -> watcher.spec.range().contains(key)).toList());
      }
    }
    assertThat(index.watchers()).containsExactlyInAnyOrderElementsOf(model);
  }

  private static List<Watcher> found(WatcherIndex index, byte[] key) {
    WatcherGroup.Collector collector = new WatcherGroup.Collector();
    index.collect(EncodedEvent.of(new Event(Key.of(key), Row.tombstone(2), null)), collector);
    List<Watcher> found = new ArrayList<>();
    for (WatcherGroup group : collector.groups()) {
      assertThat(group.takeEvents()).hasSize(1);
      IntStream.range(0, group.size()).mapToObj(group::member).forEach(found::add);
    }
    return found;
  }

  private static KeyRange range(Random random) {
    byte[] start = key(random);
    return switch (random.nextInt(5)) {
      case 0 -> KeyRange.single(start);
      case 1 -> KeyRange.from(start);
      case 2 -> KeyRange.prefix(start);
      case 3 -> KeyRange.all();
      default -> new KeyRange(start, KeyRange.successor(key(random)));
    };
  }

  private static byte[] key(Random random) {
    byte[] key = new byte[1 + random.nextInt(3)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextBoolean() ? random.nextInt(4) : 0xfe + random.nextInt(2));
    }
    return key;
  }
}
