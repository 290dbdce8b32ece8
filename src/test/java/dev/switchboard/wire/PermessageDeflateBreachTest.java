package dev.switchboard.wire;

import static dev.switchboard.testkit.ClientFrame.CLOSE;
import static dev.switchboard.testkit.ClientFrame.CONTINUATION;
import static dev.switchboard.testkit.ClientFrame.TEXT;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoServer;
import dev.switchboard.testkit.Zlib;
import java.util.Arrays;
import java.util.HexFormat;
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

/// RFC 7692, 6 and 7.2: what a peer may not do with compression, and the code it gets for it.
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermessageDeflateBreachTest {
  private static final int RSV1 = 4;
  private static final byte[] LONG = "compress me, and once more: ".repeat(20).getBytes(UTF_8);

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
  @EnumSource
  void withoutAnAgreementRsv1IsABreach(Encoding kind) {
    try (var peer = server.open(kind)) {
      // When
      peer.send(Zlib.frame(kind, LONG));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "1,3", "1,5", "1,6", "1,7", "9,4", "9,1", "10,4", "8,4", "8,2"})
  void otherReservedBitsAndThoseOfControlFramesAreABreach(int opcode, int rsv) {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // When
      byte[] payload = opcode == CLOSE ? new byte[] {3, (byte) 0xe8} : Zlib.deflate(LONG);
      peer.send(
          ClientFrame.of(opcode, Arrays.copyOf(payload, Math.min(100, payload.length))).rsv(rsv));

      // Then
      peer.expectFailure(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyTheFirstFragmentHasRsv1(boolean begunCompressed) {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // Given
      var first = ClientFrame.of(TEXT, new byte[] {'a'}).rsv(begunCompressed ? RSV1 : 0).more();

      // When
      peer.send(first, ClientFrame.of(CONTINUATION, new byte[] {'b'}).rsv(RSV1));

      // Then
      peer.expectFailure(1002);
    }
  }

  /// Cut off, of no known kind, empty, with its tail still there.
  @ParameterizedTest
  @ValueSource(strings = {"f248cdc9", "07", "", "f248cdc9c907000000ffff", "ffffffffffff"})
  void whatIsNotCompressedDataIsAnInvalidPayload(String payload) {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(TEXT, HexFormat.of().parseHex(payload)).rsv(RSV1));

      // Then
      peer.expectFailure(1007);
    }
  }

  @Test
  void aSenderMayNotRelyOnWhatItSaidBefore() {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // Given
      peer.send(Zlib.frame(Encoding.JSON, LONG));
      peer.expectEcho(LONG);

      // When
      peer.send(ClientFrame.of(TEXT, Zlib.deflateAfter(LONG, LONG)).rsv(RSV1));

      // Then
      peer.expectFailure(1007);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0af", "eda080", "e282", "ff"})
  void textIsCheckedOnceItIsInflated(String bad) {
    try (var text = server.openDeflating(Encoding.JSON);
        var binary = server.openDeflating(Encoding.PROTOBUF)) {
      // Given
      byte[] message = HexFormat.of().parseHex("61".repeat(100) + bad);

      // When
      text.send(Zlib.frame(Encoding.JSON, message));
      binary.send(Zlib.frame(Encoding.PROTOBUF, message));

      // Then
      text.expectFailure(1007);
      binary.expectEcho(message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60_000_000})
  void oneThatIsLongerIsTooBigHoweverSmallItComes(int more) {
    try (var peer = server.openDeflating(Encoding.JSON);
        var fragmented = server.openDeflating(Encoding.JSON)) {
      // Given
      byte[] bomb = new byte[EchoServer.LIMITS.messageBytesMax() + more];

      // When
      peer.send(Zlib.frame(Encoding.JSON, bomb));
      fragmented.send(Zlib.fragments(Encoding.JSON, bomb, 2_000));

      // Then
      peer.expectFailure(1009);
      fragmented.expectFailure(1009);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, RSV1})
  void whatIsTooLongAsItComesIsNotKept(int rsv) {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // Given
      byte[] half = new byte[40_000];

      // When
      peer.raw()
          .sendDespiteClose(
              ClientFrame.bytes(
                  ClientFrame.of(TEXT, half).rsv(rsv).more(),
                  ClientFrame.of(CONTINUATION, half).more()));

      // Then
      peer.expectFailure(1009);
    }
  }

  @Test
  void fragmentsAreCountedAsEver() {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // Given
      ClientFrame[] frames = new ClientFrame[65];
      Arrays.fill(frames, ClientFrame.of(CONTINUATION, "").more());
      frames[0] = ClientFrame.of(TEXT, "").rsv(RSV1).more();

      // When
      peer.raw().sendDespiteClose(ClientFrame.bytes(frames));

      // Then
      peer.expectFailure(1009);
    }
  }
}
