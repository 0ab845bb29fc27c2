// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClientPortsTest {
  private Ports ports;

  @BeforeEach
  void open() throws Exception {
    ports = new Ports(null, 10);
  }

  @AfterEach
  void close() {
    ports.close();
  }

  @Test
  void port_servesGrpc() {
    assertThat(Ports.kv(ports.plaintextChannel()).put(put(10)).hasPrevKv()).isFalse();
  }

  /** HTTP_2 asks for an upgrade, which is not granted. */
  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void port_servesHttp(HttpClient.Version version) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(ports.uri("/page?x=1")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("hello\n");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      }
    }
    await().until(() -> ports.connections.count() == 0);
  }

  @Test
  void port_servesBothAtOnce() throws Exception {
    ManagedChannel channel = ports.plaintextChannel();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 10; i++) {
        Ports.kv(channel).put(put(1));
        assertThat(
                client
                    .send(
                        HttpRequest.newBuilder(ports.uri("/page")).build(),
                        HttpResponse.BodyHandlers.ofString())
                    .body())
            .isEqualTo("hello\n");
      }
    }
  }

  @Test
  void port_firstBytesInPieces() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "P");
      send(socket, "UT /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer(socket)).startsWith("HTTP/1.1 405 Method Not Allowed\r\n");
    }
    try (Socket socket = connect()) {
      send(socket, "PR");
      send(socket, "I * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      byte[] settings = socket.getInputStream().readNBytes(9);
      assertThat(settings[3]).as("the type of the first frame").isEqualTo((byte) 4);
    }
  }

  @Test
  void port_nonsense() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "\u0016\u0003\u0001 this is no TLS, and no HTTP\r\n\r\n");
      assertThat(answer(socket)).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
    try (Socket socket = connect()) {
      send(socket, "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
      // gRPC says why in a GOAWAY; what counts is that the connection ends.
      assertThat(answer(socket)).doesNotContain("HTTP/1.1");
    }
    Ports.kv(ports.plaintextChannel()).put(put(1));
  }

  @Test
  void port_unknownPage() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /nope HTTP/1.0\r\n\r\n");
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 404 Not Found\r\n")
          .endsWith("\r\n\r\n404 page not found\n");
    }
  }

  @Test
  void port_hugeHttpRequest() throws IOException {
    try (Socket socket = connect()) {
      send(
          socket,
          "GET /page HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\nConnection: close\r\n\r\n");
      assertThat(answer(socket)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void call_unknownMethod() {
    Channel channel = ports.plaintextChannel();
    MethodDescriptor<RangeRequest, ?> method =
        KVGrpc.getRangeMethod().toBuilder().setFullMethodName("etcdserverpb.KV/Frobnicate").build();

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    io.grpc.CallOptions.DEFAULT,
                    RangeRequest.getDefaultInstance()))
        .withMessage("UNIMPLEMENTED: unknown method Frobnicate for service etcdserverpb.KV");
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                LeaseGrpc.newBlockingStub(channel)
                    .leaseGrant(LeaseGrantRequest.getDefaultInstance()))
        .withMessage("UNIMPLEMENTED: unknown service etcdserverpb.Lease");
  }

  @Test
  void call_messageOfLargestSize() {
    int largest = Ports.MAX_REQUEST_BYTES + (512 << 10);
    ManagedChannel channel = ports.plaintextChannel();

    Ports.kv(channel).put(putOfSize(largest));

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> Ports.kv(channel).put(putOfSize(largest + 1)))
        .withMessage(
            "RESOURCE_EXHAUSTED: grpc: received message larger than max ("
                + (largest + 1)
                + " vs. "
                + largest
                + ")");
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> Ports.kv(channel).put(putOfSize(2 * largest + 1)))
        .satisfies(
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    Ports.kv(channel).put(put(1));
  }

  @Test
  void connections_tooMany() throws Exception {
    try (Ports two = new Ports(null, 2);
        Socket one = new Socket(InetAddress.getLoopbackAddress(), two.port());
        Socket other = new Socket(InetAddress.getLoopbackAddress(), two.port())) {
      await().until(() -> two.connections.count() == 2);
      try (Socket third = new Socket(InetAddress.getLoopbackAddress(), two.port())) {
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(one.isConnected() && other.isConnected()).isTrue();
      one.shutdownOutput();
      await().until(() -> two.connections.count() == 1);
      assertThat(Ports.kv(two.plaintextChannel()).put(put(1)).hasPrevKv()).isFalse();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads until the server closes. */
  private static String answer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static PutRequest put(int valueBytes) {
    return PutRequest.newBuilder().setValue(ByteString.copyFrom(new byte[valueBytes])).build();
  }

  private static PutRequest putOfSize(int bytes) {
    PutRequest request = put(bytes);
    return put(bytes - (request.getSerializedSize() - bytes));
  }
}
