// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.cluster;

import com.google.common.hash.Hashing;
import dev.brain.engine.EngineException;
import dev.brain.server.maintenance.Member;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A member and the process that is it.
 *
 * @param member who it is and where it is reached
 * @param instance a number that each process draws when it starts: it tells a member that was
 *     started again from another one of the same name
 */
public record RegisteredMember(Member member, long instance) {
  /*
   * The row: a version, the instance, the name, the peer URLs, the client URLs; texts and lists begin
   * with their length. What a later version has behind this is not looked at, so that members of two
   * versions can live together while they are upgraded.
   */

  private static final int VERSION = 1;

  /** More URLs than anybody gives; a larger number is damage. */
  private static final int MOST_URLS = 1_000;

  /**
   * The member id of a name: the first eight bytes of the SHA-256 of the cluster id, as eight bytes
   * with the highest first, and the name in UTF-8; without the sign, and 1 for 0. A member that
   * comes back on another machine has the same id. (etcd derives it from the peer URLs.)
   */
  public static long id(long clusterId, String name) {
    byte[] hash =
        Hashing.sha256()
            .newHasher()
            .putLong(Long.reverseBytes(clusterId))
            .putString(name, StandardCharsets.UTF_8)
            .hash()
            .asBytes();
    long id = ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
    return id == 0 ? 1 : id;
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(instance);
      out.writeUTF(member.name());
      writeList(out, member.peerUrls());
      writeList(out, member.clientUrls());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeList(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
  }

  /** Reads a row. Throws Corrupted if it is none. */
  static RegisteredMember decode(long id, byte[] row) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row))) {
      int version = in.readUnsignedByte();
      if (version < VERSION) {
        throw new IOException("version " + version);
      }
      long instance = in.readLong();
      return new RegisteredMember(
          new Member(id, in.readUTF(), readList(in), readList(in)), instance);
    } catch (IOException e) {
      throw new EngineException.Corrupted(
          "record of member " + Long.toHexString(id) + ": damaged: " + e.getMessage(), e);
    }
  }

  private static List<String> readList(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MOST_URLS) {
      throw new IOException(size + " URLs");
    }
    List<String> texts = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      texts.add(in.readUTF());
    }
    return texts;
  }
}
