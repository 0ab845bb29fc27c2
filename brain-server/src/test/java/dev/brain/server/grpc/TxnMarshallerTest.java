// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.brain.proto.etcdserverpb.TxnRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class TxnMarshallerTest {
  private final TxnMarshaller marshaller = new TxnMarshaller(128);

  @Test
  void parse_deepAsEtcdAllows() throws IOException {
    ByteString bytes = nested(128);
    TxnRequest request = marshaller.parse(bytes.newInput());
    assertThat(request.toByteString()).isEqualTo(bytes);
    assertThat(new Requests(ServiceLimits.DEFAULT).check(request)).isNull();
  }

  @Test
  void parse_tooDeep() throws IOException {
    for (int depth : new int[] {200, 1_000, 10_000, 100_000}) {
      ByteString bytes = nested(depth);
      assertThatThrownBy(() -> marshaller.parse(bytes.newInput()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessage("INVALID_ARGUMENT: etcdserver: too many operations in txn request");
    }
  }

  @Test
  void parse_malformed() {
    assertThatThrownBy(() -> marshaller.parse(new ByteArrayInputStream(new byte[] {10, 5, 1})))
        .asInstanceOf(InstanceOfAssertFactories.type(StatusRuntimeException.class))
        .extracting(e -> e.getStatus().getCode())
        .isEqualTo(Status.Code.INTERNAL);
  }

  /** A transaction in a transaction, and so on; written without recursion. */
  private static ByteString nested(int depth) throws IOException {
    ByteString bytes = ByteString.EMPTY;
    for (int i = 0; i < depth; i++) {
      bytes = field(2, field(4, bytes));
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private static ByteString field(int number, ByteString content) throws IOException {
    ByteString.Output head = ByteString.newOutput(16);
    CodedOutputStream out = CodedOutputStream.newInstance(head);
    out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(content.size());
    out.flush();
    return head.toByteString().concat(content);
  }
}
