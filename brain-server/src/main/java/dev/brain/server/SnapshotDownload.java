// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.SnapshotRequest;
import dev.brain.proto.etcdserverpb.SnapshotResponse;
import dev.brain.server.transport.ClientChannels;
import dev.brain.server.transport.TlsException;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Iterator;

/** Fetches a snapshot from a server. */
final class SnapshotDownload {
  private SnapshotDownload() {}

  /**
   * Saves a snapshot. What is there so far has the file's name with {@code .part} behind it until
   * it is complete and on the disk; nobody but the owner can read it.
   *
   * @throws IllegalArgumentException if the endpoint is none
   * @throws StatusRuntimeException if the server refuses, or breaks off
   */
  static void save(String endpoint, ClientChannels.Files tls, Path file)
      throws IOException, TlsException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    ManagedChannel channel;
    try {
      channel = ClientChannels.open(endpoint, tls);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--endpoints: " + endpoint + " (expected: " + e.getMessage() + ")", e);
    }
    try {
      Iterator<SnapshotResponse> chunks =
          MaintenanceGrpc.newBlockingStub(channel).snapshot(SnapshotRequest.getDefaultInstance());
      Files.deleteIfExists(part);
      try (FileChannel written =
          FileChannel.open(
              part,
              EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        while (chunks.hasNext()) {
          write(written, chunks.next().getBlob());
        }
        written.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      channel.shutdownNow();
      Files.deleteIfExists(part);
    }
  }

  private static void write(FileChannel file, ByteString chunk) throws IOException {
    for (ByteBuffer buffer : chunk.asReadOnlyByteBufferList()) {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    }
  }
}
