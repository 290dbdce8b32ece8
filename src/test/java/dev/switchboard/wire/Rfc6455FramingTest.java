package dev.switchboard.wire;

import static dev.switchboard.testkit.ClientFrame.BINARY;
import static dev.switchboard.testkit.ClientFrame.CLOSE;
import static dev.switchboard.testkit.ClientFrame.CONTINUATION;
import static dev.switchboard.testkit.ClientFrame.PING;
import static dev.switchboard.testkit.ClientFrame.PONG;
import static dev.switchboard.testkit.ClientFrame.TEXT;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455, 5.1 to 5.3: masks, bits, opcodes and lengths of single frames.
@Tag("rfc6455")
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc6455FramingTest {
  private static final int[] SIZES = {0, 1, 125, 126, 127, 128, 65_535, 65_536};
  private static final int[] RESERVED = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};

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

  private static byte[] letters(int size) {
    byte[] bytes = new byte[size];
    for (int index = 0; index < size; index++) {
      bytes[index] = (byte) ('a' + index % 26);
    }
    return bytes;
  }

  private static Stream<Arguments> wholeFrames() {
    return Arrays.stream(Encoding.values())
        .flatMap(kind -> Arrays.stream(SIZES).mapToObj(size -> Arguments.of(kind, size)));
  }

  @ParameterizedTest
  @MethodSource("wholeFrames")
  void aFrameOfAnyLengthIsAMessage(Encoding kind, int size) {
    try (var peer = server.open(kind)) {
      // Given
      byte[] message = letters(size);

      // When
      peer.send(ClientFrame.of(kind == Encoding.JSON ? TEXT : BINARY, message));

      // Then
      peer.expectEcho(message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,1",
    "1,1",
    "20,1",
    "125,2",
    "125,50",
    "126,3",
    "127,64",
    "65535,9999",
    "65536,9001"
  })
  void aFrameMayArriveInPieces(int size, int pieceBytes) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      byte[] message = letters(size);

      // When
      peer.sendChopped(ClientFrame.of(TEXT, message).bytes(), pieceBytes);

      // Then
      peer.expectEcho(message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void aLongFrameMayBeCutAnywhereInItsHeader(int cut) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      byte[] message = letters(65_536);
      byte[] frame = ClientFrame.of(TEXT, message).bytes();

      // When
      peer.raw().send(Arrays.copyOf(frame, cut));
      server.settle();
      peer.raw().send(Arrays.copyOfRange(frame, cut, frame.length));

      // Then
      peer.expectEcho(message);
    }
  }

  @Test
  void manyFramesMayArriveAtOnce() {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      ClientFrame[] frames =
          IntStream.range(0, 1_000)
              .mapToObj(number -> ClientFrame.text("m" + number))
              .toArray(ClientFrame[]::new);

      // When
      peer.send(frames);

      // Then
      for (ClientFrame frame : frames) {
        peer.expectEcho(frame.payload());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 0x8000_0001, 0x37fa_213d, 0x0000_00ff, 0x7f80_ff01})
  void everyMaskIsTakenOff(int key) {
    try (var peer = server.open(Encoding.PROTOBUF)) {
      // Given
      byte[] message = new byte[259];
      IntStream.range(0, message.length).forEach(index -> message[index] = (byte) index);

      // When
      peer.send(ClientFrame.of(BINARY, message).key(key));

      // Then
      peer.expectEcho(message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 17})
  void aMaskWorksForEveryRemainder(int size) {
    try (var peer = server.open(Encoding.PROTOBUF)) {
      // Given
      byte[] message = letters(size);

      // When
      peer.send(ClientFrame.of(BINARY, message).key(0x0102_0304));

      // Then
      peer.expectEcho(message);
    }
  }

  @ParameterizedTest
  @CsvSource({"16,0", "16,1", "16,125", "64,0", "64,1", "64,125", "64,126", "64,65535"})
  void aLengthMustBeWrittenInItsShortestForm(int bits, int size) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(TEXT, letters(size)).claiming(bits, size));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        65_537,
        70_000,
        2_147_483_647L,
        2_147_483_648L,
        4_294_967_295L,
        4_294_967_296L,
        Long.MAX_VALUE
      })
  void aFrameOverTheLimitIsRefusedByItsHeader(long claimed) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text("").claiming(64, claimed));

      // Then
      peer.expectFailure(1009);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 5, -65_536, -1})
  void theHighestBitOfALengthMustBeZero(long claimed) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text("hello").claiming(64, claimed));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})
  void aFrameWithoutAMaskFailsTheConnection(int opcode) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(opcode, new byte[] {3, (byte) 0xe8}).unmasked());

      // Then
      peer.expectFailure(1002);
    }
  }

  @Test
  void anEmptyFrameNeedsAMaskToo() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text("").unmasked());

      // Then
      peer.expectFailure(1002);
    }
  }

  private static Stream<Arguments> reservedBits() {
    return IntStream.of(TEXT, BINARY, PING, PONG, CLOSE)
        .boxed()
        .flatMap(opcode -> IntStream.range(1, 8).mapToObj(rsv -> Arguments.of(opcode, rsv)));
  }

  @ParameterizedTest
  @MethodSource("reservedBits")
  void aReservedBitFailsTheConnection(int opcode, int rsv) {
    try (var peer = server.open(opcode == BINARY ? Encoding.PROTOBUF : Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(opcode, new byte[0]).rsv(rsv));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void aReservedBitInAFragmentFailsTheConnection(int rsv) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text("a").more(), ClientFrame.of(CONTINUATION, "b").rsv(rsv));

      // Then
      peer.expectFailure(1002);
    }
  }

  private static Stream<Arguments> reservedOpcodes() {
    return Arrays.stream(RESERVED)
        .boxed()
        .flatMap(opcode -> Stream.of("", "x").map(text -> Arguments.of(opcode, text)));
  }

  @ParameterizedTest
  @MethodSource("reservedOpcodes")
  void aReservedOpcodeFailsTheConnection(int opcode, String payload) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(
          ClientFrame.text("before"), ClientFrame.of(opcode, payload), ClientFrame.text("after"));

      // Then
      peer.expectEcho("before".getBytes(StandardCharsets.US_ASCII));
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 7, 11, 15})
  void aReservedOpcodeWithinAMessageFailsTheConnection(int opcode) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text("a").more(), ClientFrame.of(opcode, ""));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 11})
  void aReservedOpcodeIsRefusedByItsHeader(int opcode) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      byte[] frame = ClientFrame.of(opcode, letters(100)).bytes();

      // When
      peer.raw().send(Arrays.copyOf(frame, 2));

      // Then
      peer.expectFailure(1002);
    }
  }
}
