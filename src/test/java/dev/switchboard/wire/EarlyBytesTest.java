package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoPeer.Ending;
import dev.switchboard.testkit.EchoServer;
import dev.switchboard.testkit.RawSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Frames in the same TCP segment as the handshake.
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EarlyBytesTest {
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

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Sends the handshake and what follows it in one write, and reads the 101.
  private EchoPeer open(byte[] behind) {
    var peer = server.connect(Encoding.JSON, 0);
    var all = new ByteArrayOutputStream();
    all.writeBytes(RawSocket.request(RawSocket.handshake(peer.path())));
    all.writeBytes(behind);
    peer.raw().send(all.toByteArray());
    assertThat(peer.raw().readHead().status()).isEqualTo(101);
    return peer;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 20_000, 65_536})
  void aMessageIsEchoed(int size) {
    // Given
    byte[] message = bytes("m".repeat(size));

    // When
    try (var peer = open(ClientFrame.of(ClientFrame.TEXT, message).bytes())) {
      // Then
      peer.expectEcho(message).expectAlive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6, 9})
  void halfAFrameIsCompletedLater(int cut) {
    // Given
    byte[] frame = ClientFrame.text("cut").bytes();

    // When
    try (var peer = open(Arrays.copyOf(frame, cut))) {
      server.settle();
      peer.raw().send(Arrays.copyOfRange(frame, cut, frame.length));

      // Then
      if (cut < frame.length) {
        peer.expectEcho(bytes("cut"));
      }
    }
  }

  @Test
  void severalFramesKeepTheirOrder() {
    // Given
    byte[] frames =
        ClientFrame.bytes(
            ClientFrame.text("a"), ClientFrame.of(ClientFrame.PING, "p"), ClientFrame.text("b"));

    // When
    try (var peer = open(frames)) {
      // Then
      peer.expectEcho(bytes("a")).expectPong(bytes("p")).expectEcho(bytes("b"));
    }
  }

  @Test
  void aCloseIsAnswered() {
    // When
    try (var peer = open(ClientFrame.close(1000, "").bytes())) {
      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(1000);
      assertThat(peer.raw().expectEnd()).isTrue();
      assertThat(peer.ending()).isEqualTo(new Ending(1000, true));
    }
  }

  @Test
  void aBrokenFrameFails() {
    // When
    try (var peer = open(ClientFrame.text("x").unmasked().bytes())) {
      // Then
      peer.expectFailure(1002);
    }
  }
}
