// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import com.google.protobuf.CodedInputStream;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads messages of the wire into tallies; writes none.
 *
 * @param <T> the tally
 */
final class TallyMarshaller<T> implements MethodDescriptor.Marshaller<T> {
  private final Reader<T> reader;

  TallyMarshaller(Reader<T> reader) {
    this.reader = reader;
  }

  @Override
  public InputStream stream(T value) {
    throw new UnsupportedOperationException("A tally cannot be sent");
  }

  @Override
  public T parse(InputStream stream) {
    try {
      return reader.read(CodedInputStream.newInstance(stream));
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("Not a message of the API: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  /**
   * Reads one message up to its end.
   *
   * @param <T> the tally
   */
  interface Reader<T> {
    /** Throws if the bytes are no such message. */
    T read(CodedInputStream in) throws IOException;
  }
}
