// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads settings from a YAML file: one map whose keys are the names of the settings. */
final class ConfigFile {
  private static final int LARGEST = 1 << 20;

  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @param faults receives a line for each thing wrong with the file or a key of it
   * @return what it gives, by setting
   */
  static Map<Setting, Given> read(Path file, List<String> faults) {
    Object document;
    try {
      if (Files.size(file) > LARGEST) {
        faults.add(file + ": more than 1 MiB (expected: a YAML file with settings)");
        return Map.of();
      }
      document = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    } catch (NoSuchFileException e) {
      faults.add(file + ": no such file (expected: a YAML file with settings)");
      return Map.of();
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      faults.add(file + line + ": " + e.getProblem() + " (expected: YAML)");
      return Map.of();
    } catch (IOException | YamlEngineException e) {
      faults.add(file + ": cannot be read: " + e.getMessage());
      return Map.of();
    }
    if (document == null) {
      return Map.of();
    }
    if (!(document instanceof Map<?, ?> map)) {
      faults.add(file + ": not a map (expected: lines such as data-dir: /var/lib/brain)");
      return Map.of();
    }
    return settings(file, map, faults);
  }

  private static Map<Setting, Given> settings(Path file, Map<?, ?> map, List<String> faults) {
    Map<String, Setting> known = new HashMap<>();
    for (Setting setting : Settings.all()) {
      known.put(setting.name(), setting);
      setting.aliases().forEach(alias -> known.put(alias, setting));
    }
    known.remove(Settings.CONFIG_FILE.name());
    Map<Setting, Given> found = new HashMap<>();
    map.forEach(
        (key, value) -> {
          String source = file + ": " + key;
          Setting setting = known.get(String.valueOf(key));
          String text = text(value);
          if (setting == null) {
            faults.add(source + ": unknown setting (expected: a name of brain server --help)");
          } else if (text == null) {
            faults.add(source + ": " + value + " (expected: a value, or a list of values)");
          } else if (found.put(setting, new Given(source, text)) != null) {
            faults.add(source + ": given twice (expected: once, by one of its names)");
          }
        });
    return found;
  }

  /** A list is what would be separated by commas on the command line, a map is pairs. */
  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list when list.stream().noneMatch(ConfigFile::isNested) ->
          list.stream().map(Objects::toString).collect(Collectors.joining(","));
      case Map<?, ?> map when map.values().stream().noneMatch(ConfigFile::isNested) ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + Objects.toString(entry.getValue(), ""))
              .collect(Collectors.joining(","));
      case List<?> _, Map<?, ?> _ -> null;
      default -> value.toString();
    };
  }

  private static boolean isNested(@Nullable Object value) {
    return value instanceof List || value instanceof Map;
  }
}
