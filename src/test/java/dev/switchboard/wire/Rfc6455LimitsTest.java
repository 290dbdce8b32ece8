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
import dev.switchboard.testkit.EchoPeer.Ending;
import dev.switchboard.testkit.EchoServer;
import dev.switchboard.testkit.RawSocket.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
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

/// RFC 6455, 7.4.1 and 10.4: what a peer may use up, and the code it gets beyond that.
@Tag("rfc6455")
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc6455LimitsTest {
  @Parameter private EchoServer.Driver driver;
  private EchoServer server;
  private EchoServer strict;

  @BeforeParameterizedClassInvocation
  void start() {
    server = EchoServer.start(driver);
    strict =
        EchoServer.start(
            driver,
            new SocketLimits(
                100,
                3,
                1 << 20,
                new RateLimit(1, 5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2)));
  }

  @AfterParameterizedClassInvocation
  void stop() {
    server.close();
    strict.close();
  }

  private static ClientFrame[] endless(int fragments, String payload) {
    return Stream.concat(
            Stream.of(ClientFrame.of(TEXT, payload).more()),
            Stream.generate(() -> ClientFrame.of(CONTINUATION, payload).more())
                .limit(fragments - 1))
        .toArray(ClientFrame[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x"})
  void aMessageMayHaveAllItsFragments(String payload) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.send(endless(63, payload));

      // When
      peer.send(ClientFrame.of(CONTINUATION, payload));

      // Then
      peer.expectEcho(payload.repeat(64).getBytes(StandardCharsets.US_ASCII)).expectAlive();
    }
  }

  @ParameterizedTest
  @CsvSource({"'',65", "x,65", "'',66", "x,1000"})
  void oneFragmentMoreIsTooMany(String payload, int fragments) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.raw().sendDespiteClose(ClientFrame.bytes(endless(fragments, payload)));

      // Then
      peer.expectFailure(1009);
    }
  }

  @Test
  void anEndlessMessageIsRefusedEarly() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.raw().sendDespiteClose(ClientFrame.bytes(endless(131_000, "x")));

      // Then
      peer.expectFailure(1009);
    }
  }

  @ParameterizedTest
  @CsvSource({"50,50", "1,99", "100,0"})
  void fragmentsMayFillTheLimit(int first, int second) {
    try (var peer = strict.open(Encoding.PROTOBUF)) {
      // When
      peer.send(
          ClientFrame.of(BINARY, new byte[first]).more(),
          ClientFrame.of(CONTINUATION, new byte[second]));

      // Then
      peer.expectEcho(new byte[100]);
    }
  }

  @ParameterizedTest
  @CsvSource({"50,51", "1,100", "100,1"})
  void fragmentsMustNotPassTheLimitTogether(int first, int second) {
    try (var peer = strict.open(Encoding.PROTOBUF)) {
      // When
      peer.send(
          ClientFrame.of(BINARY, new byte[first]).more(),
          ClientFrame.of(CONTINUATION, new byte[second]).more());

      // Then
      peer.expectFailure(1009);
    }
  }

  @ParameterizedTest
  @CsvSource({"101,7", "126,16", "65536,64"})
  void aFrameMustNotPassTheLimit(int size, int bits) {
    try (var peer = strict.open(Encoding.JSON)) {
      // When
      peer.raw().send(ClientFrame.of(TEXT, new byte[size]).claiming(bits, size).bytes());

      // Then
      peer.expectFailure(1009);
    }
  }

  @Test
  void theLimitBeginsAnewWithEveryMessage() {
    try (var peer = strict.open(Encoding.JSON)) {
      for (int round = 0; round < 4; round++) {
        // When
        peer.send(
            ClientFrame.text("a".repeat(50)).more(), ClientFrame.of(CONTINUATION, "a".repeat(50)));

        // Then
        peer.expectEcho("a".repeat(100).getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PING, PONG})
  void controlFramesHaveABudget(int opcode) {
    try (var peer = strict.open(Encoding.JSON)) {
      // Given
      var flood = new ClientFrame[20];
      Arrays.fill(flood, ClientFrame.of(opcode, ""));

      // When
      peer.send(flood);

      // Then
      assertThat(closeCode(peer)).isEqualTo(1008);
      assertThat(peer.ending()).isEqualTo(new Ending(1008, false));
    }
  }

  @Test
  void pingsAndPongsShareTheirBudget() {
    try (var peer = strict.open(Encoding.JSON)) {
      // Given
      var flood = new ClientFrame[12];
      Arrays.setAll(flood, index -> ClientFrame.of(index % 2 == 0 ? PING : PONG, ""));

      // When
      peer.send(flood);

      // Then
      assertThat(closeCode(peer)).isEqualTo(1008);
    }
  }

  @Test
  void aBurstWithinTheBudgetIsServed() {
    try (var peer = strict.open(Encoding.JSON)) {
      // Given
      var burst = new ClientFrame[5];
      Arrays.fill(burst, ClientFrame.of(PING, ""));

      // When
      peer.send(burst);

      // Then
      for (ClientFrame _ : burst) {
        peer.expectPong(new byte[0]);
      }
      peer.expectAlive();
    }
  }

  @ParameterizedTest
  @CsvSource({"JSON,2,true", "JSON,2,false", "PROTOBUF,1,true", "PROTOBUF,1,false"})
  void theOtherKindOfMessageIsUnsupported(Encoding kind, int opcode, boolean fin) {
    try (var peer = server.open(kind)) {
      // Given
      var frame = ClientFrame.of(opcode, "wrong");

      // When
      peer.send(fin ? frame : frame.more());

      // Then
      peer.expectFailure(1003);
    }
  }

  @Test
  void afterABreachTheAnswerOfThePeerEndsTheConnection() {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.send(ClientFrame.of(BINARY, "wrong"));
      peer.expectFailure(1003);

      // When
      peer.send(ClientFrame.close(1003, ""));

      // Then
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  private static int closeCode(EchoPeer peer) {
    ServerFrame frame = peer.raw().read();
    while (frame.opcode() == ClientFrame.PONG) {
      frame = peer.raw().read();
    }
    return frame.closeCode();
  }
}
