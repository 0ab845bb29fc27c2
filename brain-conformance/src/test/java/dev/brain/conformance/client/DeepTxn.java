// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import java.util.ArrayDeque;
import java.util.Deque;

/** Txns nested deeper than a parser's or a writer's stack. */
public final class DeepTxn {
  private DeepTxn() {}

  /**
   * The bytes of a TxnRequest that holds {@code depth} txns, each in the success of the one before.
   */
  public static byte[] bytes(int depth) {
    // From the inside out, one header per level: the length of what the level holds.
    Deque<byte[]> headers = new ArrayDeque<>();
    int length = 0;
    for (int level = 1; level < depth; level++) {
      byte[] op = header(RequestOp.REQUEST_TXN_FIELD_NUMBER, length);
      byte[] success = header(TxnRequest.SUCCESS_FIELD_NUMBER, op.length + length);
      headers.push(op);
      headers.push(success);
      length += op.length + success.length;
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (byte[] header : headers) {
      System.arraycopy(header, 0, bytes, at, header.length);
      at += header.length;
    }
    return bytes;
  }

  private static byte[] header(int field, int length) {
    int size =
        CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(length);
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(length);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes;
  }
}
