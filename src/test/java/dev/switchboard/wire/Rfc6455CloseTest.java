package dev.switchboard.wire;

import static dev.switchboard.testkit.ClientFrame.CLOSE;
import static dev.switchboard.testkit.ClientFrame.PING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoPeer.Ending;
import dev.switchboard.testkit.EchoServer;
import dev.switchboard.testkit.RawSocket.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455, 5.5.1 and 7: who closes, with what, and what is left afterwards.
@Tag("rfc6455")
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc6455CloseTest {
  @Parameter private EchoServer.Driver driver;
  private EchoServer server;
  private EchoServer impatient;

  @BeforeParameterizedClassInvocation
  void start() {
    server = EchoServer.start(driver);
    impatient =
        EchoServer.start(
            driver,
            new SocketLimits(
                65_536,
                64,
                1 << 20,
                new RateLimit(100, 100),
                Duration.ofMillis(100),
                Duration.ofSeconds(2)));
  }

  @AfterParameterizedClassInvocation
  void stop() {
    server.close();
    impatient.close();
  }

  private void closeFromServer(EchoServer from, EchoPeer peer, int code, String reason) {
    from.onLoop(
        () -> {
          peer.socket().close(code, reason);
          return null;
        });
  }

  @Test
  void aCloseWithoutACodeIsAnsweredWithoutOne() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(CLOSE, ""));

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(1005);
      assertThat(peer.raw().expectEnd()).isTrue();
      assertThat(peer.ending()).isEqualTo(new Ending(1005, true));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3001, 3500,
        3999, 4000, 4500, 4999
      })
  void aLawfulCodeIsAnsweredWithItself(int code) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.close(code, "bye"));

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(code);
      assertThat(peer.raw().expectEnd()).isTrue();
      assertThat(peer.ending()).isEqualTo(new Ending(code, true));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 9999, 32_767, 32_768,
        60_000, 65_535
      })
  void aCodeNobodyMaySendIsAProtocolError(int code) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.close(code, ""));

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(1002);
      assertThat(peer.ending()).isEqualTo(new Ending(1002, false));
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  @Test
  void oneByteIsNoCode() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(CLOSE, new byte[] {3}));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c0af", "eda080", "f4908080", "61c2", "e282", "f09f98"})
  void aReasonMustBeUtf8(String digits) {
    try (var peer = server.open(Encoding.PROTOBUF)) {
      // When
      peer.send(ClientFrame.close(1000, HexFormat.of().parseHex(digits)));

      // Then
      peer.expectFailure(1007);
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "k\u00f6\u20ac\ud83d\ude00", ""})
  void aReasonMayBeAnyText(String reason) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.close(4000, reason));

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(4000);
    }
  }

  @Test
  void aReasonMayHave123Bytes() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.close(1000, "r".repeat(123)));

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(1000);
    }
  }

  @Test
  void aReasonOf124BytesMakesTheFrameTooLong() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.close(1000, "r".repeat(124)));

      // Then
      peer.expectFailure(1002);
    }
  }

  @Test
  void aCloseMayArriveByteByByte() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.sendChopped(ClientFrame.close(1001, "going").bytes(), 1);

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(1001);
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8, 9, 10})
  void whatFollowsACloseIsIgnored(int opcode) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.close(1000, ""), ClientFrame.of(opcode, "\u0003\u0003"));

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(1000);
      peer.raw().expectEnd();
      assertThat(peer.ending()).isEqualTo(new Ending(1000, true));
    }
  }

  @Test
  void whatWasAskedBeforeACloseIsAnsweredFirst() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text("last"), ClientFrame.of(PING, "p"), ClientFrame.close(1000, ""));

      // Then
      peer.expectEcho("last".getBytes(StandardCharsets.US_ASCII));
      peer.expectPong("p".getBytes(StandardCharsets.US_ASCII));
      assertThat(peer.raw().read().closeCode()).isEqualTo(1000);
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 3001, 3503, 4999})
  void theServerClosesTcpOnceItsCloseIsAnswered(int code) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      closeFromServer(server, peer, code, "reason");
      ServerFrame close = peer.raw().read();
      assertThat(close.closeCode()).isEqualTo(code);
      assertThat(close.text().substring(2)).isEqualTo("reason");

      // When
      peer.send(ClientFrame.close(code, ""));

      // Then
      assertThat(peer.raw().expectEnd()).isTrue();
      assertThat(peer.ending()).isEqualTo(new Ending(code, false));
    }
  }

  @Test
  void whileTheServerWaitsForTheAnswerItIgnoresAllElse() {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      closeFromServer(server, peer, 3503, "");
      assertThat(peer.raw().read().closeCode()).isEqualTo(3503);

      // When
      peer.send(ClientFrame.text("late"), ClientFrame.of(PING, ""), ClientFrame.of(CLOSE, ""));

      // Then
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  @Test
  void bothMayCloseAtTheSameTime() {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.send(ClientFrame.close(1000, ""));

      // When
      closeFromServer(server, peer, 3001, "");

      // Then
      assertThat(peer.raw().read().closeCode()).isIn(1000, 3001);
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  @Test
  void aBrokenAnswerStillEndsTheConnection() {
    try (var peer = impatient.open(Encoding.JSON)) {
      // Given
      closeFromServer(impatient, peer, 3503, "");
      assertThat(peer.raw().read().closeCode()).isEqualTo(3503);

      // When
      peer.send(ClientFrame.close(999, ""));

      // Then
      peer.raw().expectEnd();
      assertThat(peer.ending()).isEqualTo(new Ending(3503, false));
    }
  }

  @Test
  void aPeerThatNeverAnswersIsCutAfterTheGrace() {
    try (var peer = impatient.open(Encoding.JSON)) {
      // Given
      long startedAt = System.nanoTime();

      // When
      closeFromServer(impatient, peer, 3503, "");

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(3503);
      peer.raw().expectEnd();
      assertThat(Duration.ofNanos(System.nanoTime() - startedAt))
          .isBetween(Duration.ofMillis(90), Duration.ofSeconds(3));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unmasked", "opcode", "continuation"})
  void aPeerThatGoesOnAfterItsBreachIsCutAfterTheGrace(String breach) {
    try (var peer = impatient.open(Encoding.JSON)) {
      // Given
      peer.send(
          switch (breach) {
            case "unmasked" -> ClientFrame.text("x").unmasked();
            case "opcode" -> ClientFrame.of(3, "");
            default -> ClientFrame.of(0, "");
          });
      assertThat(peer.raw().read().closeCode()).isEqualTo(1002);

      // When
      peer.raw().sendDespiteClose(ClientFrame.text("go on").bytes());

      // Then
      peer.raw().expectEnd();
      assertThat(peer.ending()).isEqualTo(new Ending(1002, false));
    }
  }

  @Test
  void theConnectionClosedCodeDropsWithoutAFrame() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      closeFromServer(server, peer, CloseCode.CONNECTION_CLOSED.code(), "");

      // Then
      peer.raw().expectEnd();
      assertThat(peer.ending()).isEqualTo(new Ending(3000, false));
    }
  }

  @Test
  void aLongReasonIsCutAtACharacter() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      closeFromServer(server, peer, 4000, "\u20ac".repeat(50));

      // Then
      assertThat(peer.raw().read().text().substring(2)).isEqualTo("\u20ac".repeat(41));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fin", "reset", "half"})
  void aPeerThatJustLeavesHasClosedAbnormally(String way) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.expectAlive();

      // When
      switch (way) {
        case "reset" -> peer.raw().reset();
        case "half" -> peer.raw().finish();
        default -> peer.raw().close();
      }

      // Then
      assertThat(peer.ending()).isEqualTo(new Ending(1006, true));
    }
  }

  @Test
  void everyConnectionIsReleasedOnce() {
    // Given
    int before = server.released();
    var peer = server.open(Encoding.JSON);
    int open = server.openSockets();

    // When
    peer.send(ClientFrame.close(1000, ""));
    peer.raw().read();
    peer.raw().expectEnd();
    peer.close();

    // Then
    await().until(() -> server.openSockets() == open - 1);
    assertThat(server.released()).isGreaterThan(before);
  }
}
