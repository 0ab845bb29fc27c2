// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.conformance.process.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/*
 * A disk that can lose power.
 *
 * kill -9 proves nothing about fsync: what a process has written lives on in the kernel's page
 * cache. So the data directory lies on a file system of its own, ext4 in a file behind a loop
 * device. The file holds exactly what the file system has sent to its disk: what was synced, what
 * its journal has committed, and what the kernel happened to write back. A copy of the file, taken
 * after the kill, is the disk as it would be found after a power cut; mounting the copy replays its
 * journal. Unlike a shim that truncates files to their last synced size, this also loses renames,
 * new and deleted files and overwrites that were not synced, needs no C, and sees every way to sync.
 *
 * The kernel would commit the journal every 5 s by itself, and so save what was not synced; here it
 * does so every 300 s.
 */
final class Disk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long SIZE = 2L << 30;

  private final Path directory;
  private final Path mount;
  private Path image;
  private int generation;
  private boolean mounted;

  private Disk(Path directory) {
    this.directory = directory;
    this.mount = directory.resolve("mount");
    this.image = directory.resolve("disk0.img");
  }

  /** An empty disk; skips the test where disks cannot be mounted. */
  static Disk create(Path directory) {
    Disk disk = new Disk(directory);
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/dev/loop-control")),
        "losing unsynced bytes needs root and loop devices to mount a disk of our own");
    try {
      Files.createDirectories(disk.mount);
      try (var file = new java.io.RandomAccessFile(disk.image.toFile(), "rw")) {
        file.setLength(SIZE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Tool.Result made = disk.run("mkfs.ext4", "-q", "-F", disk.image.toString());
    assumeTrue(made.code() == 0, "losing unsynced bytes needs mkfs.ext4: " + made.err());
    Tool.Result mounted = disk.mount();
    assumeTrue(mounted.code() == 0, "losing unsynced bytes needs mount: " + mounted.err());
    return disk;
  }

  /** Where the disk is mounted. */
  Path path() {
    return mount;
  }

  /** Loses all that has not reached the disk. Nobody may have a file of it open. */
  void losePower() {
    generation++;
    Path copy = directory.resolve("disk" + generation + ".img");
    require(run("cp", "--sparse=always", image.toString(), copy.toString()));
    unmount();
    try {
      Files.delete(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    image = copy;
    require(mount());
  }

  @Override
  public void close() {
    if (mounted) {
      unmount();
    }
  }

  private Tool.Result mount() {
    Tool.Result result = run("mount", "-o", "loop,commit=300", image.toString(), mount.toString());
    mounted = result.code() == 0;
    return result;
  }

  private void unmount() {
    require(run("umount", mount.toString()));
    mounted = false;
  }

  private Tool.Result run(String... command) {
    try (Tool tool = Tool.start(directory, Map.of(), "", List.of(command))) {
      return tool.await(PATIENCE);
    }
  }

  private static void require(Tool.Result result) {
    if (result.code() != 0) {
      throw new IllegalStateException(result.toString());
    }
  }
}
