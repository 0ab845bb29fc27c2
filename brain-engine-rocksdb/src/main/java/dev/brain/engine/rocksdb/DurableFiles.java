// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes to files and directories that survive loss of power. */
final class DurableFiles {
  /** What the name of something ends with until it is whole. */
  static final String UNFINISHED = ".new";

  private static final int PROBE_BYTES = 4096;

  /** Disk space that a start needs besides that for the rows in the log. */
  private static final long SPARE_BYTES = 8 << 20;

  private static final Logger log = LoggerFactory.getLogger(DurableFiles.class);

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
    syncParent(to);
  }

  /** Makes the name of a file or directory durable. */
  static void syncParent(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /**
   * Whether the disk takes writes, and as many as a start needs, as far as that can be told.
   *
   * @param bytes the rows that a start would write into tables
   */
  static boolean takesWrites(Path directory, long bytes) {
    Path probe = directory.resolve("probe" + UNFINISHED);
    try {
      try (RandomAccessFile file = new RandomAccessFile(probe.toFile(), "rw")) {
        file.write(new byte[PROBE_BYTES]);
        file.getFD().sync();
      }
      Files.delete(probe);
      return Files.getFileStore(directory).getUsableSpace() >= bytes + SPARE_BYTES;
    } catch (IOException e) {
      log.warn("{}: takes no writes: {}", directory, e.toString());
      return false;
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
