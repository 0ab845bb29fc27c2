// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Changes to files and directories that survive loss of power. */
final class DurableFiles {
  /** What the name of something ends with until it is whole. */
  static final String UNFINISHED = ".new";

  private DurableFiles() {}

  /** Makes a directory that only its owner has access to. Its parent must exist, it must not. */
  static void createDirectory(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  /** Gives a file or directory its name; both names are in the same directory. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path directory = to.getParent();
    if (directory != null) {
      syncDirectory(directory);
    }
  }

  /** Makes the names in a directory durable. */
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deletes a directory with what is in it, if it is there. */
  static void deleteTree(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The bytes of the files in a directory and below; files that go away meanwhile count 0. */
  static long size(Path directory) throws IOException {
    long size = 0;
    for (Path path : tree(directory)) {
      try {
        if (Files.isRegularFile(path)) {
          size += Files.size(path);
        }
      } catch (NoSuchFileException _) {
        // Deleted since the directory was listed.
      }
    }
    return size;
  }

  private static List<Path> tree(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      return tree.toList();
    }
  }
}
