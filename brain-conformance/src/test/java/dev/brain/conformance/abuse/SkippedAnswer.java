// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.abuse;

import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * An answer of which only the size is kept: many large ones do not fit into the memory of a client.
 *
 * @param bytes the size of the message
 */
record SkippedAnswer(long bytes) {
  /** The method KV/Range with answers that are skipped. */
  static MethodDescriptor<RangeRequest, SkippedAnswer> range() {
    return KVGrpc.getRangeMethod().toBuilder(
            KVGrpc.getRangeMethod().getRequestMarshaller(), new Skipper())
        .build();
  }

  private static final class Skipper implements MethodDescriptor.Marshaller<SkippedAnswer> {
    @Override
    public InputStream stream(SkippedAnswer value) {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public SkippedAnswer parse(InputStream stream) {
      try {
        return new SkippedAnswer(stream.transferTo(OutputStream.nullOutputStream()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
