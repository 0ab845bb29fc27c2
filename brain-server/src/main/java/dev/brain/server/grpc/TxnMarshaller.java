// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.brain.proto.etcdserverpb.TxnRequest;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads transactions to a depth at which the thread's stack is safe and which every transaction
 * that etcd would accept stays above.
 */
final class TxnMarshaller implements Marshaller<TxnRequest> {
  /** Protobuf levels that one nested transaction takes: the operation and the transaction. */
  private static final int LEVELS_PER_TXN = 2;

  private final int maxDepth;

  /**
   * Makes a marshaller.
   *
   * @param maxTxnOperations the limit for operations; since each level of nesting takes one from
   *     the levels below it, nothing deeper than this can be accepted anyway
   */
  TxnMarshaller(int maxTxnOperations) {
    this.maxDepth = LEVELS_PER_TXN * (Math.min(maxTxnOperations, 1_000) + 2) + 2;
  }

  @Override
  public InputStream stream(TxnRequest request) {
    return request.toByteString().newInput();
  }

  @Override
  public TxnRequest parse(InputStream stream) {
    try {
      CodedInputStream input = CodedInputStream.newInstance(stream);
      input.setRecursionLimit(maxDepth);
      TxnRequest request = TxnRequest.parseFrom(input);
      input.checkLastTagWas(0);
      return request;
    } catch (InvalidProtocolBufferException e) {
      throw fault(e);
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("etcdserver: request could not be read")
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static RuntimeException fault(InvalidProtocolBufferException e) {
    // Protobuf has no other mark for this than its text.
    return String.valueOf(e.getMessage()).contains("too many levels of nesting")
        ? EtcdStatus.TOO_MANY_OPERATIONS.exception()
        : Status.INTERNAL
            .withDescription("grpc: error unmarshalling request: " + e.getMessage())
            .asRuntimeException();
  }
}
