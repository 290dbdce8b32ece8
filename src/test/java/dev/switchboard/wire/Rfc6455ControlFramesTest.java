package dev.switchboard.wire;

import static dev.switchboard.testkit.ClientFrame.CLOSE;
import static dev.switchboard.testkit.ClientFrame.PING;
import static dev.switchboard.testkit.ClientFrame.PONG;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455, 5.5: pings, pongs and the shape of control frames.
@Tag("rfc6455")
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc6455ControlFramesTest {
  @Parameter private EchoServer.Driver driver;
  private EchoServer server;

  @BeforeParameterizedClassInvocation
  void start() {
    server = EchoServer.start(driver);
  }

  @AfterParameterizedClassInvocation
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 124, 125})
  void aPingIsAnsweredWithItsPayload(int size) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      byte[] payload = new byte[size];
      Arrays.fill(payload, (byte) 0xfe);

      // When
      peer.send(ClientFrame.of(PING, payload));

      // Then
      peer.expectPong(payload).expectAlive();
    }
  }

  @Test
  void pingsOfEveryLengthAreAnswered() {
    try (var peer = server.open(Encoding.PROTOBUF)) {
      for (int size = 0; size <= 125; size++) {
        // Given
        byte[] payload = new byte[size];

        // When
        peer.send(ClientFrame.of(PING, payload));

        // Then
        peer.expectPong(payload);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void aPingMayArriveInPieces(int pieceBytes) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.sendChopped(ClientFrame.of(PING, "slowly").bytes(), pieceBytes);

      // Then
      peer.expectPong("slowly".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 40})
  void pingsAreAnsweredInTheirOrder(int count) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      var frames = new ClientFrame[count];
      for (int index = 0; index < count; index++) {
        frames[index] = ClientFrame.of(PING, "p" + index);
      }

      // When
      peer.send(frames);

      // Then
      for (ClientFrame frame : frames) {
        peer.expectPong(frame.payload());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125})
  void aPongNobodyAskedForIsIgnored(int size) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(PONG, new byte[size]));

      // Then
      peer.expectAlive();
    }
  }

  @ParameterizedTest
  @CsvSource({"8,16,126", "9,16,126", "10,16,126", "8,64,65536", "9,64,65536", "10,64,65536"})
  void aControlFrameIsNoLongerThan125Bytes(int opcode, int bits, int size) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(opcode, new byte[size]).claiming(bits, size));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @CsvSource({"9,16,5", "10,64,5", "8,16,2"})
  void aControlFrameHasItsLengthInSevenBits(int opcode, int bits, int size) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(opcode, new byte[size]).claiming(bits, size));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOSE, PING, PONG})
  void aControlFrameIsNeverFragmented(int opcode) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(opcode, new byte[] {3, (byte) 0xe8}).more());

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PING, PONG})
  void aControlFrameIsNotContinued(int opcode) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(opcode, "a").more(), ClientFrame.of(0, "b"));

      // Then
      peer.expectFailure(1002);
    }
  }
}
