// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import dev.brain.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The bytes of a leader's record in the engine. */
final class LeaderRecordCodec {
  private static final int FORMAT = 1;

  private LeaderRecordCodec() {}

  static byte[] encode(LeaderRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeUTF(record.identity());
      out.writeUTF(record.instance());
      out.writeLong(record.term());
      out.writeLong(record.renewal());
      out.writeBoolean(record.isReleased());
      out.writeUTF(record.successor());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The record.
   *
   * @throws EngineException.Corrupted if the bytes are none, or of a later format
   */
  static LeaderRecord decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw new EngineException.Corrupted(
            "leader record: format %d (expected: %d)".formatted(format, FORMAT), null);
      }
      LeaderRecord record =
          new LeaderRecord(
              in.readUTF(),
              in.readUTF(),
              in.readLong(),
              in.readLong(),
              in.readBoolean() ? LeaderRecord.State.RELEASED : LeaderRecord.State.HELD,
              in.readUTF());
      if (in.read() >= 0) {
        throw new EngineException.Corrupted("leader record: bytes after its end", null);
      }
      return record;
    } catch (IOException e) {
      throw new EngineException.Corrupted("leader record: " + bytes.length + " bytes, cut off", e);
    }
  }
}
