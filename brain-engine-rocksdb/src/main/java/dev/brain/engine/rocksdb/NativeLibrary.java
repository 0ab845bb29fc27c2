// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library. Left alone, the binding unpacks it into a temporary file of some
 * 17 MB that stays until the process ends, and for ever if the process is killed.
 */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads the library if it is not loaded yet: from {@code java.library.path}, else unpacked. The
   * unpacked file is deleted as soon as it is loaded; the memory that it is mapped to stays.
   */
  static void load() {
    if (!installed()) {
      unpack();
    }
    RocksDB.loadLibrary();
  }

  /** Whether the library is on the path. No temporary directory is needed then, nor touched. */
  private static boolean installed() {
    String file = Environment.getJniLibraryFileName("rocksdb");
    return Stream.of(System.getProperty("java.library.path", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.exists(Path.of(directory, file)));
  }

  private static void unpack() {
    try {
      Path unpacked = Files.createTempDirectory("brain-rocksdb");
      try {
        NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
      } finally {
        delete(unpacked);
      }
    } catch (IOException e) {
      throw new EngineException.InvalidSettings(
          "java.io.tmpdir: "
              + System.getProperty("java.io.tmpdir")
              + " (expected: room to unpack RocksDB's native library, or the library in"
              + " java.library.path): "
              + e,
          e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
