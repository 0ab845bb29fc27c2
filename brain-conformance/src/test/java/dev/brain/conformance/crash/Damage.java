// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Damages one file of a data directory: cuts it, flips one of its bits, empties or deletes it. */
final class Damage {
  private Damage() {}

  /** Does it, and says what was done. */
  static String of(Path directory, Random random) {
    List<Path> files = files(directory);
    Path file = files.get(random.nextInt(files.size()));
    String name = directory.relativize(file).toString();
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      long size = content.length();
      long at = random.nextLong(size);
      return switch (random.nextInt(5)) {
        case 0 -> cut(content, name, at);
        case 1 -> cut(content, name, size - 1 - random.nextLong(Math.min(size, 50)));
        case 2 -> cut(content, name, 0);
        case 3 -> {
          Files.delete(file);
          yield "deleted " + name;
        }
        default -> {
          content.seek(at);
          int value = content.read();
          content.seek(at);
          content.write(value ^ (1 << random.nextInt(8)));
          yield "flipped a bit of " + name + " at " + at + " of " + size;
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String cut(RandomAccessFile content, String name, long at) throws IOException {
    String what = "cut " + name + " of " + content.length() + " bytes at " + at;
    content.setLength(at);
    return what;
  }

  /** Copies a directory. */
  static void copy(Path from, Path to) {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory and what is in it. */
  static void delete(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // What the engine writes for people to read, and its lock, hold no data.
  private static List<Path> files(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> path.toFile().length() > 0)
          .filter(path -> !path.getFileName().toString().startsWith("LOG"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
