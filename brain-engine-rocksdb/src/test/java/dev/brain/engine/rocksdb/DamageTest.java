// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to a file, the data is exactly that which was durable, or is refused; never is a
 * part of it gone in silence. A torn end of what nobody was told to be durable is no damage.
 */
class DamageTest {
  private static final int DAMAGES = Integer.getInteger("brain.damages", 280);
  private static final int COMMITS = 2_500;

  /** The kinds of file, by what their names contain; the log is what RocksDB guards least. */
  private static final List<String> KINDS =
      List.of(
          ".log",
          ".sst",
          "MANIFEST",
          ".log",
          "high-water",
          ".log",
          "CURRENT",
          ".log",
          "OPTIONS",
          "IDENTITY");

  private final RocksEngineFactory factory = new RocksEngineFactory();

  @TempDir Path temporary;

  /** What became of a damaged directory. */
  private enum End {
    EXACT,
    REFUSED_AT_START,
    REFUSED_WHEN_READ
  }

  @Test
  void open_afterOneDamage_isExactOrRefused() throws IOException {
    long seed = Long.getLong("brain.seed", System.nanoTime());
    System.out.println("damage test: -Dbrain.seed=" + seed);
    Random random = new Random(seed);
    Path original = temporary.resolve("original");
    Image crashed;
    try (Engine engine = open(original)) {
      commit(engine, 1, COMMITS);
      crashed = Image.of(original);
    }
    List<Damage> damages = List.of(Damage.values());
    List<Image> images = List.of(crashed, Image.of(original));
    Map<Space, Map<String, String>> expected = Workload.stateAfter(COMMITS);

    Map<End, Integer> ends = new EnumMap<>(End.class);
    Map<String, Integer> refused = new HashMap<>();
    for (int count = 0; count < DAMAGES; count++) {
      Image image = images.get(random.nextInt(images.size()));
      String kind = KINDS.get(count % KINDS.size());
      Path file = pick(image, kind, random);
      Damage damage = damages.get(random.nextInt(damages.size()));
      Path directory = temporary.resolve("damaged-" + count);
      damaged(image, file, damage, random).writeTo(directory);

      End end = end(directory, expected, "damage %d: %s %s".formatted(count, file, damage));
      ends.merge(end, 1, Integer::sum);
      if (end != End.EXACT) {
        refused.merge(kind, 1, Integer::sum);
      }
      DurableFiles.deleteTree(directory);
    }

    System.out.println("damage test: " + ends + ", refused by kind " + refused);
    assertThat(ends).containsKeys(End.EXACT, End.REFUSED_AT_START);
    assertThat(refused).containsKeys(".log", ".sst", "MANIFEST", "CURRENT", "high-water");
  }

  private Path pick(Image image, String kind, Random random) {
    List<Path> files =
        image.files().keySet().stream().filter(path -> path.toString().contains(kind)).toList();
    return files.get(random.nextInt(files.size()));
  }

  private static Image damaged(Image image, Path file, Damage damage, Random random) {
    Map<Path, byte[]> files = new TreeMap<>(image.files());
    byte[] content = damage.apply(image.files().getOrDefault(file, new byte[0]), random);
    if (content == null) {
      files.remove(file);
    } else {
      files.put(file, content);
    }
    return new Image(files);
  }

  private End end(Path directory, Map<Space, Map<String, String>> expected, String description) {
    Engine engine;
    try {
      engine = open(directory);
    } catch (EngineException.Corrupted e) {
      assertThat(e).hasMessageContaining(directory.toString());
      return End.REFUSED_AT_START;
    }
    try (engine) {
      assertThat(Workload.read(engine).equals(expected)).as(description).isTrue();
      return End.EXACT;
    } catch (EngineException.Corrupted e) {
      assertThat(e).hasMessageContaining(directory.toString());
      return End.REFUSED_WHEN_READ;
    }
  }

  /** The last durable commit is the one that a log without an end loses first. */
  @Test
  void open_newestCommitMissing_isRefusedUnlessLossIsAccepted() throws IOException {
    Path original = temporary.resolve("original");
    Image crashed;
    Image before;
    try (Engine engine = open(original)) {
      commit(engine, 1, 50);
      before = Image.of(original);
      commit(engine, 51, 51);
      crashed = Image.of(original);
    }
    Path log = pick(crashed, ".log", new Random(0));
    Map<Path, byte[]> files = new TreeMap<>(crashed.files());
    files.put(log, before.files().getOrDefault(log, new byte[0]));
    Path directory = temporary.resolve("damaged");
    new Image(files).writeTo(directory);

    for (int attempt = 0; attempt < 2; attempt++) { // refusing must not destroy the evidence
      assertThatThrownBy(() -> open(directory).close())
          .isInstanceOf(EngineException.Corrupted.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("ends with commit 51 (expected: at least commit 52")
          .hasMessageContaining("accept-data-loss=true");
    }
    try (Engine engine = open(directory, Map.of("accept-data-loss", "true"))) {
      assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(50));
    }
    try (Engine engine = open(directory)) {
      assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(50));
    }
  }

  /** A flush moves the start of the log: what was in a log that is gone is in no table. */
  @Test
  void open_logMissing_isRefusedUnlessLossIsAccepted() throws IOException {
    Path original = temporary.resolve("original");
    Image crashed;
    try (Engine engine = open(original)) {
      commit(engine, 1, 50);
      crashed = Image.of(original);
    }
    Map<Path, byte[]> files = new TreeMap<>(crashed.files());
    files.remove(pick(crashed, ".log", new Random(0)));
    Path directory = temporary.resolve("damaged");
    new Image(files).writeTo(directory);

    assertThatThrownBy(() -> open(directory).close())
        .isInstanceOf(EngineException.Corrupted.class)
        .hasMessageContaining("expected: at least commit 51");
    open(directory, Map.of("accept-data-loss", "true")).close();
    open(directory).close();
  }

  @Test
  void open_highWaterMissing_isRefusedUnlessLossIsAccepted() throws IOException {
    Path directory = temporary.resolve("data");
    try (Engine engine = open(directory)) {
      commit(engine, 1, 10);
    }
    Files.delete(directory.resolve("high-water"));

    assertThatThrownBy(() -> open(directory).close())
        .isInstanceOf(EngineException.Corrupted.class)
        .hasMessageContaining("high-water is missing");
    open(directory, Map.of("accept-data-loss", "true")).close();
    try (Engine engine = open(directory)) {
      assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(10));
    }
  }

  /**
   * The start after a crash puts the log into tables, which enter the manifest one column family
   * after another: a manifest that ends in between forgets some of them.
   */
  @Test
  void open_manifestEndsAfterAnyOfItsRecords_isRefusedOrHasEverything() throws IOException {
    Path original = temporary.resolve("original");
    Image crashed;
    try (Engine engine = open(original)) {
      commit(engine, 1, 50);
      crashed = Image.of(original);
    }
    Path started = temporary.resolve("started");
    crashed.writeTo(started);
    Image image;
    try (Engine engine = open(started)) {
      assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(50));
      image = Image.of(started);
    }
    Path manifest = pick(image, "MANIFEST", new Random(0));
    byte[] content = image.files().getOrDefault(manifest, new byte[0]);

    List<String> refusals = new ArrayList<>();
    int end = nextRecord(content, 0);
    while (end < content.length) {
      Map<Path, byte[]> files = new TreeMap<>(image.files());
      files.put(manifest, Arrays.copyOf(content, end));
      Path directory = temporary.resolve("cut-" + end);
      new Image(files).writeTo(directory);

      // A record that a compaction added after the start may be forgotten without loss, as long as
      // the tables that it replaced are there.
      try (Engine engine = open(directory)) {
        assertThat(Workload.read(engine))
            .as("cut after %d bytes", end)
            .isEqualTo(Workload.stateAfter(50));
      } catch (EngineException.Corrupted refusal) {
        refusals.add(String.valueOf(refusal.getMessage()));
      }
      end = nextRecord(content, end);
    }
    // RocksDB misses the tables that compactions have replaced since, but not what the start made.
    assertThat(refusals)
        .filteredOn(text -> text.contains("bytes (expected: at least"))
        .isNotEmpty();
  }

  /**
   * Where the record ends that begins at a place: 4 bytes checksum, 2 bytes length, 1 byte kind.
   */
  private static int nextRecord(byte[] content, int from) {
    int length = Byte.toUnsignedInt(content[from + 4]) | Byte.toUnsignedInt(content[from + 5]) << 8;
    return from + 7 + length;
  }

  /** Loss of power in the middle of writing what nobody was told to be durable. */
  @Test
  void open_tornEndOfWhatWasNotDurable_opensWithAllThatWas() throws IOException {
    long seed = Long.getLong("brain.seed", System.nanoTime());
    System.out.println("torn end test: -Dbrain.seed=" + seed);
    Random random = new Random(seed);
    Path original = temporary.resolve("original");
    int durable = 2_000; // the log is a recycled one by then
    int all = durable + 20;
    Image synced;
    Image crashed;
    try (Engine engine = open(original)) {
      commit(engine, 1, durable);
      synced = Image.of(original);
      for (int number = durable + 1; number <= all; number++) {
        engine.commit(Workload.batch(number, Durability.BUFFERED));
      }
      crashed = Image.of(original);
    }
    Path log = newestLog(crashed);
    byte[] before = synced.files().getOrDefault(log, new byte[0]);
    byte[] after = crashed.files().getOrDefault(log, new byte[0]);
    int from = Arrays.mismatch(before, after);

    List<Integer> found = new ArrayList<>();
    for (int count = 0; count < 25; count++) {
      byte[] torn = after.clone();
      int at = from + random.nextInt(after.length - from);
      if (count % 3 == 0) {
        torn = Arrays.copyOf(torn, at);
      } else if (count % 3 == 1) {
        Arrays.fill(torn, at, Math.min(torn.length, at + 4096), (byte) 0);
      } else {
        System.arraycopy(before, 0, torn, 0, Math.min(before.length, at)); // only a part arrived
        if (at < before.length) {
          System.arraycopy(before, at, torn, at, before.length - at);
        }
      }
      Map<Path, byte[]> files = new TreeMap<>(crashed.files());
      files.put(log, torn);
      Path directory = temporary.resolve("torn-" + count);
      new Image(files).writeTo(directory);
      try (Engine engine = open(directory)) {
        Map<Space, Map<String, String>> state = Workload.read(engine);
        int number =
            Integer.parseInt(
                String.valueOf(state.getOrDefault(Space.META, Map.of()).get("number")));
        assertThat(number).isBetween(durable, all);
        assertThat(state.equals(Workload.stateAfter(number))).isTrue();
        found.add(number);
      }
      DurableFiles.deleteTree(directory);
    }
    assertThat(found).contains(durable);
  }

  private static Path newestLog(Image image) {
    return image.files().keySet().stream()
        .filter(path -> path.toString().endsWith(".log"))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** Commits of which only the last one is synced, and with it those before. */
  private static void commit(Engine engine, int first, int last) {
    for (int number = first; number < last; number++) {
      engine.commit(Workload.batch(number, Durability.BUFFERED));
    }
    engine.commit(Workload.batch(last, Durability.SYNCED));
  }

  private Engine open(Path directory) {
    return open(directory, Map.of());
  }

  private Engine open(Path directory, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("write-buffer-bytes", "1048576"); // so that there are several logs and tables
    return factory.open(new EngineSettings(directory, options));
  }
}
