package dev.switchboard.wire;

import static dev.switchboard.testkit.ClientFrame.BINARY;
import static dev.switchboard.testkit.ClientFrame.CONTINUATION;
import static dev.switchboard.testkit.ClientFrame.PING;
import static dev.switchboard.testkit.ClientFrame.PONG;
import static dev.switchboard.testkit.ClientFrame.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/// RFC 6455, 5.4: messages in fragments, and control frames between them.
@Tag("rfc6455")
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc6455FragmentationTest {
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
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ClientFrame[] fragments(int opcode, byte[] message, int pieceBytes) {
    List<ClientFrame> frames = new ArrayList<>();
    for (int from = 0; from < message.length; from += pieceBytes) {
      byte[] piece = Arrays.copyOfRange(message, from, Math.min(message.length, from + pieceBytes));
      var frame = ClientFrame.of(from == 0 ? opcode : CONTINUATION, piece);
      frames.add(from + pieceBytes < message.length ? frame.more() : frame);
    }
    return frames.toArray(ClientFrame[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "JSON,2,1",
    "JSON,64,1",
    "JSON,300,5",
    "JSON,300,64",
    "JSON,300,150",
    "JSON,300,299",
    "JSON,65536,1024",
    "JSON,65536,1025",
    "JSON,65536,65535",
    "PROTOBUF,2,1",
    "PROTOBUF,64,1",
    "PROTOBUF,300,5",
    "PROTOBUF,300,64",
    "PROTOBUF,65536,1024",
    "PROTOBUF,65536,65535"
  })
  void aMessageMayComeInFragments(Encoding kind, int size, int pieceBytes) {
    try (var peer = server.open(kind)) {
      // Given
      byte[] message = new byte[size];
      for (int index = 0; index < size; index++) {
        message[index] = (byte) ('a' + index % 26);
      }

      // When
      peer.send(fragments(kind == Encoding.JSON ? TEXT : BINARY, message, pieceBytes));

      // Then
      peer.expectEcho(message).expectAlive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 9})
  void fragmentsMayArriveInPieces(int pieceBytes) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      byte[] frames = ClientFrame.bytes(fragments(TEXT, bytes("fragmented"), 4));

      // When
      peer.sendChopped(frames, pieceBytes);

      // Then
      peer.expectEcho(bytes("fragmented"));
    }
  }

  @ParameterizedTest
  @CsvSource({"'','',''", "'','','x'", "'x','',''", "'','x',''", "'a','','b'", "'a','b',''"})
  void fragmentsMayBeEmpty(String first, String second, String third) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(
          ClientFrame.of(TEXT, first).more(),
          ClientFrame.of(CONTINUATION, second).more(),
          ClientFrame.of(CONTINUATION, third));

      // Then
      peer.expectEcho(bytes(first + second + third));
    }
  }

  @Test
  void twoFragmentedMessagesFollowEachOther() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(fragments(TEXT, bytes("first message"), 3));
      peer.send(fragments(TEXT, bytes("second"), 2));

      // Then
      peer.expectEcho(bytes("first message")).expectEcho(bytes("second"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125})
  void aPingBetweenFragmentsIsAnsweredAtOnce(int size) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      byte[] payload = new byte[size];
      peer.send(ClientFrame.text("a").more(), ClientFrame.of(PING, payload));

      // When
      peer.expectPong(payload);

      // Then
      peer.send(ClientFrame.of(CONTINUATION, "b")).expectEcho(bytes("ab"));
    }
  }

  @Test
  void pingsAndPongsMayStandBetweenAllFragments() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(
          ClientFrame.text("a").more(),
          ClientFrame.of(PING, "1"),
          ClientFrame.of(CONTINUATION, "b").more(),
          ClientFrame.of(PONG, "unasked"),
          ClientFrame.of(PING, "2"),
          ClientFrame.of(CONTINUATION, "c"));

      // Then
      peer.expectPong(bytes("1")).expectPong(bytes("2")).expectEcho(bytes("abc"));
    }
  }

  @Test
  void aCloseBetweenFragmentsIsAnsweredAndTheMessageForgotten() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text("a").more(), ClientFrame.close(1000, ""));

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(1000);
      assertThat(peer.raw().expectEnd()).isTrue();
      assertThat(peer.ending()).isEqualTo(new EchoPeer.Ending(1000, true));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aContinuationNeedsABeginning(boolean fin) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      var frame = ClientFrame.of(CONTINUATION, "lost");

      // When
      peer.send(fin ? frame : frame.more());

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aContinuationAfterAWholeMessageHasNoBeginning(boolean fragmented) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.send(fragments(TEXT, bytes("ab"), fragmented ? 1 : 2)).expectEcho(bytes("ab"));

      // When
      peer.send(ClientFrame.of(CONTINUATION, "c"));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,true", "1,false", "2,true", "2,false"})
  void aMessageMustNotBeginWithinAnother(int opcode, boolean fin) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      var second = ClientFrame.of(opcode, "b");

      // When
      peer.send(ClientFrame.text("a").more(), fin ? second : second.more());

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUnfinishedMessageIsNeverDelivered(boolean reset) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.send(ClientFrame.text("a").more(), ClientFrame.of(PING, "")).expectPong(new byte[0]);

      // When
      if (reset) {
        peer.raw().reset();
      } else {
        peer.raw().close();
      }

      // Then
      assertThat(peer.ending()).isEqualTo(new EchoPeer.Ending(1006, true));
    }
  }
}
