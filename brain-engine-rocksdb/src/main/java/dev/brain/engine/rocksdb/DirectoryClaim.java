// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import dev.brain.engine.EngineException.InvalidSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The right to a directory, which one engine of one process has at a time. */
final class DirectoryClaim implements AutoCloseable {
  /** The file that is locked; always empty. */
  static final String FILE = "lock";

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private final FileChannel channel;

  private DirectoryClaim(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Claims a directory, which is made if it does not exist.
   *
   * @param openPermissions whether others than the owner may have access to it
   * @throws InvalidSettings if it cannot be made, is open to others, or is claimed already
   */
  static DirectoryClaim of(Path directory, boolean openPermissions) {
    try {
      if (Files.notExists(directory)) {
        Files.createDirectories(directory.toAbsolutePath().getParent());
        DurableFiles.createDirectory(directory);
      } else if (!Files.isDirectory(directory)) {
        throw new InvalidSettings(directory + ": a file (expected: a directory)", null);
      } else if (!openPermissions) {
        requirePrivate(directory);
      }
      return lock(directory);
    } catch (IOException e) {
      throw new InvalidSettings(directory + ": cannot be used as a directory of data: " + e, e);
    }
  }

  private static void requirePrivate(Path directory) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(directory, PosixFileAttributeView.class);
    if (view == null) {
      return; // a file system without permissions
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (!OWNER.containsAll(permissions)) {
      throw new InvalidSettings(
          directory
              + ": permissions "
              + PosixFilePermissions.toString(permissions)
              + " (expected: rwx------, or allow-open-permissions=true)",
          null);
    }
  }

  private static DirectoryClaim lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DirectoryClaim(channel);
      }
      throw inUse(directory, "another process");
    } catch (OverlappingFileLockException _) {
      channel.close();
      throw inUse(directory, "another engine of this process");
    } catch (IOException | EngineException e) {
      channel.close();
      throw e;
    }
  }

  private static InvalidSettings inUse(Path directory, String holder) {
    return new InvalidSettings(
        directory + ": in use by " + holder + " (expected: a directory of its own)", null);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EngineException.Unavailable("cannot give up a directory: " + e, e);
    }
  }
}
