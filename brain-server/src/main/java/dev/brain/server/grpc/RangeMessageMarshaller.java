// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Hands {@link RangeMessage}s to the transport, which drains them without a copy in between. */
final class RangeMessageMarshaller implements Marshaller<RangeMessage> {

  @Override
  public InputStream stream(RangeMessage message) {
    return new MessageStream(message);
  }

  @Override
  public RangeMessage parse(InputStream stream) {
    throw new UnsupportedOperationException("a range answer is only written here");
  }

  /** A message as a stream. For one thread. */
  private static final class MessageStream extends InputStream implements Drainable, KnownLength {
    private @Nullable RangeMessage message;
    private @Nullable ByteArrayInputStream partial;

    MessageStream(RangeMessage message) {
      this.message = message;
    }

    @Override
    public int available() {
      RangeMessage whole = message;
      if (whole != null) {
        return Math.toIntExact(whole.size());
      }
      return partial == null ? 0 : partial.available();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int size = available();
      RangeMessage whole = message;
      if (whole != null) {
        message = null;
        whole.writeTo(target);
      } else if (partial != null) {
        partial.transferTo(target);
      }
      return size;
    }

    // Only transports that do not drain come here: the one inside the process, in tests.

    @Override
    public int read() {
      return partial().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return partial().read(target, offset, length);
    }

    private ByteArrayInputStream partial() {
      RangeMessage whole = message;
      if (whole != null) {
        message = null;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(whole.size()));
        try {
          whole.writeTo(bytes);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        partial = new ByteArrayInputStream(bytes.toByteArray());
      }
      ByteArrayInputStream source = partial;
      if (source == null) {
        source = new ByteArrayInputStream(new byte[0]);
        partial = source;
      }
      return source;
    }
  }
}
