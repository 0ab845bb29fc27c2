// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.io.IOException;
import java.io.OutputStream;

/** An answer that writes its protobuf form itself, from bytes that are there already. */
interface EncodedMessage {

  /** The number of bytes that {@link #writeTo} writes; may be more than a message may have. */
  long size();

  /** Writes the message; may be called again. */
  void writeTo(OutputStream out) throws IOException;
}
