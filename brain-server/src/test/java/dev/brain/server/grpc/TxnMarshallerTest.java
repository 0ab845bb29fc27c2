// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.brain.proto.etcdserverpb.TxnRequest;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TxnMarshallerTest {
  private final TxnMarshaller marshaller = new TxnMarshaller(128);

  @Test
  void parse_deepAsEtcdAllows() throws IOException {
    ByteString bytes = nested(128);
    ReceivedTxn received = marshaller.parse(bytes.newInput());
    assertThat(received.fault()).isNull();
    TxnRequest request = received.request();
    assertThat(request.toByteString()).isEqualTo(bytes);
    assertThat(new Requests(ServiceLimits.DEFAULT).check(request)).isNull();
  }

  @Test
  void parse_tooDeep() throws IOException {
    for (int depth : new int[] {200, 1_000, 10_000, 100_000}) {
      ByteString bytes = nested(depth);
      assertThat(marshaller.parse(bytes.newInput()).fault())
          .usingRecursiveComparison()
          .isEqualTo(EtcdStatus.TOO_MANY_OPERATIONS.status());
    }
  }

  @Test
  void parse_malformed() {
    Status fault = marshaller.parse(new ByteArrayInputStream(new byte[] {10, 5, 1})).fault();
    assertThat(fault).isNotNull().extracting(Status::getCode).isEqualTo(Status.Code.INTERNAL);
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
