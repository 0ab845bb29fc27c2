// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.brain.proto.etcdserverpb.TxnRequest;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads transactions to a depth at which the thread's stack is safe and which every transaction
 * that etcd would accept stays above.
 */
final class TxnMarshaller implements Marshaller<ReceivedTxn> {
  /** Protobuf levels that one nested transaction takes: the operation and the transaction. */
  private static final int LEVELS_PER_TXN = 2;

  /** Nesting that a stack of the usual size has room for many times over. */
  private static final int SAFE_DEPTH = 1_000;

  private final int maxLevels;

  /**
   * Makes a marshaller.
   *
   * @param maxTxnOperations the limit for operations; since each level of nesting takes one from
   *     the levels below it, nothing deeper than this can be accepted anyway
   */
  TxnMarshaller(int maxTxnOperations) {
    this.maxLevels = LEVELS_PER_TXN * (Math.min(maxTxnOperations, SAFE_DEPTH) + 2) + 2;
  }

  @Override
  public InputStream stream(ReceivedTxn received) {
    return received.request().toByteString().newInput();
  }

  @Override
  public ReceivedTxn parse(InputStream stream) {
    try {
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(content(stream)).newCodedInput();
      input.enableAliasing(true); // nobody else has the array
      input.setRecursionLimit(maxLevels);
      return new ReceivedTxn(TxnRequest.parseFrom(input), null);
    } catch (IOException e) {
      return new ReceivedTxn(TxnRequest.getDefaultInstance(), fault(e));
    }
  }

  /**
   * All bytes in an array of their length, which protobuf's own reading of a stream would double.
   */
  private static byte[] content(InputStream stream) throws IOException {
    return stream instanceof KnownLength
        ? stream.readNBytes(stream.available())
        : stream.readAllBytes();
  }

  private static Status fault(IOException e) {
    // Protobuf has no other mark for this than its text.
    boolean tooDeep =
        e instanceof InvalidProtocolBufferException
            && String.valueOf(e.getMessage()).contains("too many levels of nesting");
    return tooDeep
        ? EtcdStatus.TOO_MANY_OPERATIONS.status()
        : Status.INTERNAL.withDescription("grpc: error unmarshalling request: " + e.getMessage());
  }
}
