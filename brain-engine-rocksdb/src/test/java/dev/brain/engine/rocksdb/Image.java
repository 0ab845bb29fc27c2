// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a directory at one moment, in memory. Taken while an engine is open they are what
 * the death of its process would leave.
 *
 * @param files contents by path below the directory
 */
record Image(Map<Path, byte[]> files) {
  private static final int ATTEMPTS = 100;

  /** Takes an image of a directory that nobody changes but RocksDB's own threads. */
  static Image of(Path directory) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Map<Path, byte[]> first = read(directory);
        Map<Path, byte[]> second = read(directory);
        if (sizes(first).equals(sizes(second))) {
          return new Image(second);
        }
      } catch (NoSuchFileException | UncheckedIOException _) {
        // Deleted by a compaction meanwhile.
      }
    }
    throw new IllegalStateException(directory + " never stood still");
  }

  private static Map<Path, byte[]> read(Path directory) throws IOException {
    Map<Path, byte[]> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(file), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static Map<Path, Integer> sizes(Map<Path, byte[]> files) {
    Map<Path, Integer> sizes = new TreeMap<>();
    files.forEach((path, content) -> sizes.put(path, content.length));
    return sizes;
  }

  /** Writes the image into a directory that does not exist. */
  void writeTo(Path directory) throws IOException {
    DurableFiles.createDirectory(directory);
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
