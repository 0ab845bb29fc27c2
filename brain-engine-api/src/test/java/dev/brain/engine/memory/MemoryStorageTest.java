// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryStorageTest {
  private static final byte[] KEY = {1};

  @Test
  void open_whileAnEngineIsOpen_isRefused() {
    MemoryStorage storage = new MemoryStorage();
    Engine first = storage.open();

    assertThatThrownBy(storage::open).isInstanceOf(EngineException.InvalidSettings.class);
    first.close();
    Engine second = storage.open();
    first.close();
    assertThatThrownBy(storage::open).isInstanceOf(EngineException.InvalidSettings.class);
    second.close();
  }

  @Test
  void factory_openedAgain_startsEmpty() {
    EngineSettings settings = new EngineSettings(Path.of("unused"), Map.of());
    try (Engine engine = new MemoryEngineFactory().open(settings)) {
      engine.commit(new WriteBatch().put(Space.HEAD, KEY, KEY));
    }
    try (Engine engine = new MemoryEngineFactory().open(settings)) {
      assertThat(engine.get(Space.HEAD, KEY)).isNull();
    }
    assertThat(settings.directory()).doesNotExist();
  }
}
