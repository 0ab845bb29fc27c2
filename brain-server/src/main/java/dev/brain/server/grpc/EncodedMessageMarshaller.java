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

/**
 * Hands {@link EncodedMessage}s to the transport, which drains them without a copy in between.
 *
 * @param <T> the kind of message
 */
final class EncodedMessageMarshaller<T extends EncodedMessage> implements Marshaller<T> {

  @Override
  public InputStream stream(T message) {
    return new MessageStream(message);
  }

  @Override
  public T parse(InputStream stream) {
    throw new UnsupportedOperationException("an answer is only written here");
  }

  /** A message as a stream. For one thread. */
  private static final class MessageStream extends InputStream implements Drainable, KnownLength {
    private final EncodedMessage message;
    private @Nullable ByteArrayInputStream rest;

    MessageStream(EncodedMessage message) {
      this.message = message;
    }

    @Override
    public int available() {
      ByteArrayInputStream begun = rest;
      return begun == null ? Math.toIntExact(message.size()) : begun.available();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      ByteArrayInputStream begun = rest;
      if (begun != null) {
        return (int) begun.transferTo(target);
      }
      int size = available();
      message.writeTo(target);
      rest = new ByteArrayInputStream(new byte[0]);
      return size;
    }

    // Only a transport that does not drain comes here: the one inside the process, in tests.

    @Override
    public int read() {
      return rest().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return rest().read(target, offset, length);
    }

    private ByteArrayInputStream rest() {
      ByteArrayInputStream begun = rest;
      if (begun == null) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(available());
        try {
          message.writeTo(bytes);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        begun = new ByteArrayInputStream(bytes.toByteArray());
        rest = begun;
      }
      return begun;
    }
  }
}
