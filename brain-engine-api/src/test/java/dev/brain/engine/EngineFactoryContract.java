// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every promise of {@link EngineFactory} as a test; the factory's test class extends it. */
public abstract class EngineFactoryContract {
  @TempDir Path temporary;

  /** The factory under test. */
  protected abstract EngineFactory factory();

  /** Options without which this engine cannot be opened in a test; none if it needs none. */
  protected Map<String, String> requiredOptions() {
    return Map.of();
  }

  /** Whether the engine keeps its data in the directory of its settings. */
  protected boolean livesInDirectory() {
    return true;
  }

  @Test
  final void factory_serviceLoader_findsItByName() {
    assertThat(ServiceLoader.load(EngineFactory.class))
        .filteredOn(found -> found.name().equals(factory().name()))
        .singleElement()
        .isInstanceOf(factory().getClass());
  }

  @Test
  final void name_always_isALowerCaseWord() {
    assertThat(factory().name()).matches("[a-z][a-z0-9]*");
  }

  @Test
  final void options_always_haveNamesAndDescriptions() {
    assertThat(factory().options()).extracting(EngineOption::name).doesNotHaveDuplicates();
    for (EngineOption option : factory().options()) {
      assertThat(option.name()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
      assertThat(option.description()).isNotBlank();
    }
  }

  @Test
  final void open_newDirectory_opensAnEmptyEngine() {
    try (Engine engine = open(requiredOptions())) {
      for (Space space : Space.values()) {
        assertThat(Rows.all(engine, space)).isEmpty();
      }
    }
  }

  @Test
  final void open_everyDefaultGiven_isTheSameAsNone() {
    Map<String, String> options = new HashMap<>();
    factory().options().forEach(option -> options.put(option.name(), option.defaultValue()));
    options.putAll(requiredOptions());

    open(options).close();
  }

  @Test
  final void open_unknownOption_isRefusedByName() {
    Map<String, String> options = new HashMap<>(requiredOptions());
    options.put("no-such-option", "1");

    assertThatThrownBy(() -> open(options).close())
        .isInstanceOf(EngineException.InvalidSettings.class)
        .hasMessageContaining("no-such-option");
  }

  @Test
  final void open_newDirectory_isForItsOwnerOnly() throws IOException {
    assumeTrue(livesInDirectory(), "this engine does not live in a directory");
    open(requiredOptions()).close();

    assertThat(Files.getPosixFilePermissions(directory()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  final void open_again_findsTheData() {
    assumeTrue(livesInDirectory(), "this engine does not live in a directory");
    try (Engine engine = open(requiredOptions())) {
      engine.commit(Rows.put(Space.META, "a", "1"));
    }
    try (Engine engine = open(requiredOptions())) {
      assertThat(Rows.all(engine, Space.META)).containsExactly("a=1");
    }
  }

  @Test
  final void open_directoryInUse_isRefusedByItsName() {
    assumeTrue(livesInDirectory(), "this engine does not live in a directory");
    try (Engine engine = open(requiredOptions())) {
      assertThatThrownBy(() -> open(requiredOptions()).close())
          .isInstanceOf(EngineException.InvalidSettings.class)
          .hasMessageContaining(directory().toString());
      assertThat(engine.get(Space.META, Rows.bytes("a"))).isNull();
    }
  }

  private Path directory() {
    return temporary.resolve("data");
  }

  private Engine open(Map<String, String> options) {
    return factory().open(new EngineSettings(directory(), options));
  }
}
