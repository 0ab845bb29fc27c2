// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.tikv.common.codec.Codec.BytesCodec;
import org.tikv.common.codec.CodecDataInput;
import org.tikv.common.codec.CodecDataOutput;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * Keys as PD and the bounds of regions have them: encoded so that they can be told from what
 * follows. Requests to stores carry the keys as they are. The empty key is no key, and is never
 * encoded.
 */
final class KeyCodec {
  private KeyCodec() {}

  static ByteString encode(ByteString key) {
    if (key.isEmpty()) {
      return key;
    }
    CodecDataOutput output = new CodecDataOutput();
    BytesCodec.writeBytes(output, key.toByteArray());
    return output.toByteString();
  }

  static ByteString decode(ByteString encoded) {
    return encoded.isEmpty()
        ? encoded
        : ByteString.copyFrom(BytesCodec.readBytes(new CodecDataInput(encoded)));
  }
}
