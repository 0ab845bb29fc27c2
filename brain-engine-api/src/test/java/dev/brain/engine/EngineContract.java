// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every promise of the engine SPI as a test. The test class of an engine extends this class and
 * says how to open the engine and how to break it; the engine is done when all tests pass. A second
 * class, {@link EngineFactoryContract}, does the same for its factory.
 */
public abstract class EngineContract
    implements CommitContract,
        ConditionContract,
        DeleteRangeContract,
        ReadContract,
        ScanContract,
        SnapshotContract,
        ConcurrencyContract,
        UnknownContract,
        StorageContract,
        CloseContract,
        ModelContract {
  @TempDir Path temporary;
  private final List<Engine> opened = new ArrayList<>();
  private Engine current;

  /**
   * Opens an engine. The storage is named by a path: opening the same path again after the engine
   * was closed opens the same data, another path means other data. A path that does not exist is
   * new, empty storage; a path that {@link Engine#checkpoint} wrote is that copy. An engine that
   * keeps no files takes the path as a mere name.
   */
  protected abstract Engine openEngine(Path storage);

  /**
   * Makes the next commit of an engine fail, and only that one. The kit gives it a batch whose
   * conditions hold.
   *
   * @param engine the engine that {@link #openEngine} opened last; it is not in use by other
   *     threads
   * @return false if this fault can never happen to this engine, so that its tests are skipped
   */
  protected abstract boolean failNextCommit(Engine engine, CommitFault fault);

  @Override
  public boolean survivesReopen() {
    return true;
  }

  @Override
  public boolean supportsCheckpoint() {
    return true;
  }

  @Override
  public int operations() {
    return 5_000;
  }

  @BeforeEach
  final void openFirst() {
    current = open(directory().resolve("storage"));
  }

  @AfterEach
  final void closeAll() {
    opened.forEach(Engine::close);
  }

  @Override
  public final Engine engine() {
    return current;
  }

  @Override
  public final Engine reopen() {
    current.close();
    current = open(directory().resolve("storage"));
    return current;
  }

  @Override
  public final Engine open(Path storage) {
    Engine engine = openEngine(storage);
    opened.add(engine);
    return engine;
  }

  @Override
  public final Path directory() {
    return temporary;
  }

  @Override
  public final boolean failNextCommit(CommitFault fault) {
    return failNextCommit(current, fault);
  }
}
