// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.CommitPlan;
import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineOption;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.Collaborators;
import dev.brain.server.mvcc.LeaseRecord;
import dev.brain.server.mvcc.Store;
import dev.brain.server.mvcc.StoreConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  @TempDir private Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final MemoryStorage target = new MemoryStorage();
  private Path file;

  /** Ten keys in revisions 2 to 11, one put again and one deleted: revision 13. */
  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("snapshot.db");
    try (Engine engine = new MemoryStorage().open();
        OutputStream out = Files.newOutputStream(file)) {
      withStore(
          engine,
          store -> {
            SnapshotTest.<Long>await(done -> store.grantLease(new LeaseRecord(7, 60), done));
            for (int i = 0; i < 10; i++) {
              put(store, "k" + i, "v".repeat(i * 100), i == 5 ? 7 : 0);
            }
            put(store, "k0", "new", 0);
            SnapshotTest.<TxnResult>await(
                done ->
                    store.txn(
                        Txn.of(new Op.DeleteRange(KeyRange.single(utf8("k9")), false)), done));
          });
      engine.commit(
          new WriteBatch()
              .put(Space.META, utf8("member/12345678"), new byte[] {1})
              .put(Space.META, utf8("leader"), new byte[] {1}));
      try (Snapshot snapshot = engine.snapshot()) {
        SnapshotWriter.write(snapshot, out);
      }
    }
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void summary() throws IOException {
    SnapshotSummary summary = SnapshotSummary.of(file);
    assertThat(summary.revision()).isEqualTo(13);
    assertThat(summary.totalKeys()).isEqualTo(12);
    assertThat(summary.totalBytes()).isEqualTo(Files.size(file));
    assertThat(summary.totalBytes() % 512).isEqualTo(32);
  }

  @Test
  void restore_givesTheSameStore() throws IOException {
    restore(RestoreOptions.PLAIN);
    try (Engine engine = target.open()) {
      withStore(
          engine,
          store -> {
            assertThat(store.revision()).isEqualTo(13);
            assertThat(values(store, 0)).hasSize(9).startsWith("new");
            assertThat(values(store, 11)).hasSize(10).startsWith("");
            assertThat(store.leases()).containsExactly(new LeaseRecord(7, 60));
            assertThat(store.leaseKeys(7)).containsExactly(Key.of(utf8("k5")));
            put(store, "next", "", 0);
            assertThat(store.revision()).isEqualTo(14);
          });
    }
  }

  @Test
  void restore_isAnotherCluster() throws IOException {
    restore(RestoreOptions.PLAIN);
    try (Engine engine = target.open();
        Store store = Store.open(engine, StoreConfig.DEFAULT, new Random(1))) {
      Engine other = new MemoryStorage().open();
      try (Store original = Store.open(other, StoreConfig.DEFAULT, new Random(1))) {
        assertThat(store.clusterId()).isNotEqualTo(original.clusterId());
      }
      other.close();
    }
  }

  /**
   * Who belonged to the old cluster, led it and might write to it is no business of the new one.
   */
  @Test
  void restore_withoutMembersAndElection() throws IOException {
    restore(RestoreOptions.PLAIN);
    List<String> rows = new ArrayList<>();
    try (Engine engine = target.open();
        Snapshot snapshot = engine.snapshot();
        Cursor cursor = snapshot.scan(Space.META, KeyRange.all(), ScanOptions.KEYS)) {
      while (cursor.next()) {
        rows.add(
            new String(cursor.key(), StandardCharsets.ISO_8859_1).replaceFirst("(?s)/.*", "/"));
      }
    }
    assertThat(rows)
        .containsExactlyInAnyOrder(
            "cluster-id", "format", "lease-key/", "lease/", "member-id", "revision-floor");
  }

  @Test
  void restore_bumped() throws IOException {
    restore(new RestoreOptions(1_000, true));
    try (Engine engine = target.open()) {
      withStore(
          engine,
          store -> {
            assertThat(store.revision()).isEqualTo(1_013);
            assertThat(store.compactRevision()).isEqualTo(1_013);
            assertThat(values(store, 0)).hasSize(9).startsWith("new");
            assertThatThrownBy(() -> store.range(all(13)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("Compacted");
            put(store, "next", "", 0);
            assertThat(store.revision()).isEqualTo(1_014);
          });
    }
  }

  @Test
  void options_goTogether() {
    assertThatThrownBy(() -> new RestoreOptions(5, false))
        .hasMessage("mark-compacted: false (expected: true, because bump-revision is set)");
    assertThatThrownBy(() -> new RestoreOptions(0, true))
        .hasMessage("bump-revision: 0 (expected: above 0, because mark-compacted is set)");
    assertThatThrownBy(() -> new RestoreOptions(-1, true))
        .hasMessage("bump-revision: -1 (expected: 0 or more)");
  }

  @Test
  void restore_intoEngineWithData() throws IOException {
    restore(RestoreOptions.PLAIN);
    assertThatThrownBy(() -> restore(RestoreOptions.PLAIN))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("holds data (expected: none)");
  }

  @Test
  void restore_intoDirectoryWithFiles() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.createFile(data.resolve("something"));
    assertThatThrownBy(() -> restore(RestoreOptions.PLAIN))
        .hasMessage("data directory " + data + ": is not empty (expected: absent or empty)");
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    assertThatThrownBy(
            () ->
                SnapshotRestore.restore(
                    file,
                    factory(),
                    new EngineSettings(link, Map.of()),
                    RestoreOptions.PLAIN,
                    new Random(9)))
        .hasMessageContaining("is a symbolic link");
  }

  @Test
  void restore_endedInTheMiddleIsNoStore() throws IOException {
    FaultyEngine failing = new FaultyEngine(target.open());
    failing.nextCommit(CommitPlan.passed());
    failing.nextCommit(CommitPlan.refused());
    EngineFactory factory = factory(() -> failing);
    assertThatThrownBy(
            () ->
                SnapshotRestore.restore(
                    file, factory, settings(), RestoreOptions.PLAIN, new Random(9)))
        .isInstanceOf(EngineException.Unavailable.class);
    try (Engine engine = target.open()) {
      assertThatThrownBy(() -> Store.open(engine, StoreConfig.DEFAULT, new Random(1)))
          .isInstanceOf(EngineException.Corrupted.class)
          .hasMessageContaining("store format: 0");
    }
  }

  /* ---------------- damaged files ---------------- */

  @Test
  void damaged_everyByte() throws IOException {
    byte[] good = Files.readAllBytes(file);
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(bad);
    }
  }

  @Test
  void damaged_cutOrLonger() throws IOException {
    byte[] good = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, 31, 32, 33, 512, 544, good.length - 512, good.length - 1}) {
      assertRefused(Arrays.copyOf(good, length));
    }
    assertRefused(Arrays.copyOf(good, good.length + 1));
    assertRefused(Arrays.copyOf(good, good.length + 512));
  }

  @Test
  void damaged_withRightHash() throws IOException {
    byte[] good = Files.readAllBytes(file);
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      byte[] bad = good.clone();
      // The first rows' headers are here: lengths, ids of spaces.
      bad[random.nextInt(200)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, hashed(bad));
      try {
        SnapshotSummary.of(file);
      } catch (SnapshotException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void notASnapshot() throws IOException {
    byte[] other = new byte[512 + 32];
    Files.write(file, hashed(other));
    assertThatThrownBy(() -> SnapshotSummary.of(file))
        .hasMessageContaining("does not begin with BRAINSNP");
    byte[] newer = Files.readAllBytes(file);
    System.arraycopy(SnapshotFormat.MAGIC, 0, newer, 0, 8);
    newer[11] = 2;
    Files.write(file, hashed(newer));
    assertThatThrownBy(() -> SnapshotSummary.of(file))
        .hasMessageContaining("format version 2 (expected: 1)");
  }

  private void assertRefused(byte[] content) throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> restore(RestoreOptions.PLAIN))
        .isInstanceOf(SnapshotException.class)
        .message()
        .startsWith("snapshot " + file)
        .hasLineCount(1);
    try (Engine engine = target.open();
        Snapshot snapshot = engine.snapshot();
        Cursor cursor = snapshot.scan(Space.META, KeyRange.all(), ScanOptions.KEYS)) {
      assertThat(cursor.next()).isFalse();
    }
  }

  private static byte[] hashed(byte[] content) {
    int end = content.length - 32;
    byte[] hash = SnapshotFormat.newDigest().digest(Arrays.copyOf(content, end));
    System.arraycopy(hash, 0, content, end, 32);
    return content;
  }

  /* ---------------- helpers ---------------- */

  private SnapshotSummary restore(RestoreOptions options) throws IOException {
    return SnapshotRestore.restore(file, factory(), settings(), options, new Random(9));
  }

  private EngineSettings settings() {
    return new EngineSettings(directory.resolve("data"), Map.of());
  }

  private EngineFactory factory() {
    return factory(target::open);
  }

  private static EngineFactory factory(Supplier<Engine> engines) {
    return new EngineFactory() {
      @Override
      public String name() {
        return "memory";
      }

      @Override
      public List<EngineOption> options() {
        return List.of();
      }

      @Override
      public Engine open(EngineSettings settings) {
        return engines.get();
      }
    };
  }

  private void withStore(Engine engine, Consumer<Store> use) {
    try (Store store = Store.open(engine, StoreConfig.DEFAULT, new Random(3))) {
      store.start(Collaborators.NONE, threads);
      use.accept(store);
    }
  }

  private static List<String> values(Store store, long revision) {
    try {
      RangeResult found = store.range(all(revision));
      return found.keyValues().stream()
          .map(each -> new String(each.row().value(), StandardCharsets.UTF_8))
          .toList();
    } catch (FailureException e) {
      throw new AssertionError(e);
    }
  }

  private static RangeQuery all(long revision) {
    return RangeQuery.newest(KeyRange.prefix(utf8("k"))).atRevision(revision);
  }

  private static void put(Store store, String key, String value, long lease) {
    SnapshotTest.<TxnResult>await(
        done -> store.txn(Txn.of(Op.Put.of(Key.of(utf8(key)), utf8(value), lease)), done));
  }

  private static <T> void await(Consumer<Completion<T>> call) {
    CompletableFuture<T> future = new CompletableFuture<>();
    call.accept(
        new Completion<>() {
          @Override
          public void complete(T result) {
            future.complete(result);
          }

          @Override
          public void fail(Failure failure) {
            future.completeExceptionally(new FailureException(failure));
          }
        });
    future.join();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
