package dev.switchboard.wire;

import static dev.switchboard.testkit.ClientFrame.BINARY;
import static dev.switchboard.testkit.ClientFrame.CONTINUATION;
import static dev.switchboard.testkit.ClientFrame.TEXT;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455, 5.6 and 8.1: text is UTF-8, across fragments and cuts, and fails as early as it can.
@Tag("rfc6455")
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc6455Utf8Test {
  // Two, three and four bytes, next to each other and to ASCII.
  private static final byte[] MIXED =
      "k\u00f6\u03ba\u20ac \ud83d\ude00z".getBytes(StandardCharsets.UTF_8);

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

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x0, 0x1, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd7ff, 0xe000, 0xfdd0, 0xfffd,
        0xfffe, 0xffff, 0x10000, 0x1fffe, 0x3ffff, 0x40000, 0xfffff, 0x100000, 0x10ffff
      })
  void everyCodePointIsText(int codePoint) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      byte[] message = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);

      // When
      peer.send(ClientFrame.of(TEXT, message));

      // Then
      peer.expectEcho(message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Continuation bytes alone.
        "80",
        "bf",
        "8080",
        "80bf80bf",
        // Overlong: two, three and four bytes, and bytes that never lead.
        "c0af",
        "c1bf",
        "c080",
        "e080af",
        "e09fbf",
        "e08080",
        "f08080af",
        "f08fbfbf",
        "f0808080",
        "f8888080af",
        "fc8480808080",
        "fe",
        "ff",
        "fefeffff",
        // Surrogates, single and paired.
        "eda080",
        "edadbf",
        "edaebf",
        "edb080",
        "edbfbf",
        "eda080edb080",
        "edafbfedbfbf",
        // Beyond U+10FFFF.
        "f4908080",
        "f5808080",
        "f7bfbfbf",
        "f888808080",
        "fbbfbfbfbf",
        // A lead byte that is followed by no continuation.
        "c220",
        "e28220",
        "e220",
        "f09f9820",
        "f09f20",
        "f020",
        "c2c2a2",
        "e282c2a2",
        // Good text around something bad.
        "68656c6c6f80",
        "cebae1bdb9cf83cebcceb5eda080656469746564"
      })
  void whatIsNotUtf8Fails(String digits) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(TEXT, hex(digits)));

      // Then
      peer.expectFailure(1007);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c2", "e2", "e282", "f0", "f09f", "f09f98", "61c2", "f4", "ed", "e0"})
  void aMessageMustNotEndWithinACharacter(String digits) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(TEXT, hex(digits)));

      // Then
      peer.expectFailure(1007);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c2", "e282", "f09f98"})
  void aFragmentedMessageMustNotEndWithinACharacter(String digits) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(TEXT, hex(digits)).more(), ClientFrame.of(CONTINUATION, ""));

      // Then
      peer.expectFailure(1007);
    }
  }

  private static IntStream cuts() {
    return IntStream.rangeClosed(0, MIXED.length);
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void aTextMayBeCutInsideACharacter(int cut) {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(
          ClientFrame.of(TEXT, Arrays.copyOf(MIXED, cut)).more(),
          ClientFrame.of(CONTINUATION, Arrays.copyOfRange(MIXED, cut, MIXED.length)));

      // Then
      peer.expectEcho(MIXED);
    }
  }

  @Test
  void everyByteMayBeAFragment() {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      var frames = new ClientFrame[MIXED.length];
      for (int index = 0; index < MIXED.length; index++) {
        var frame = ClientFrame.of(index == 0 ? TEXT : CONTINUATION, new byte[] {MIXED[index]});
        frames[index] = index < MIXED.length - 1 ? frame.more() : frame;
      }

      // When
      peer.send(frames);

      // Then
      peer.expectEcho(MIXED);
    }
  }

  private static Stream<Arguments> earlyFailures() {
    return Stream.of(
        // What is valid so far, the fragment that cannot be continued validly.
        Arguments.of("cebae1bdb9cf83", "eda0"),
        Arguments.of("f4", "90"),
        Arguments.of("e0", "80"),
        Arguments.of("ed", "a0"),
        Arguments.of("f0", "80"),
        Arguments.of("e282", "20"),
        Arguments.of("f09f98", "ff"),
        Arguments.of("c2", "41"),
        Arguments.of("", "c0"),
        Arguments.of("616263", "f5"));
  }

  @ParameterizedTest
  @MethodSource("earlyFailures")
  void aBadByteFailsBeforeTheMessageEnds(String before, String bad) {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.send(ClientFrame.of(TEXT, hex(before)).more());

      // When
      peer.send(ClientFrame.of(CONTINUATION, hex(bad)).more());

      // Then
      peer.expectFailure(1007);
    }
  }

  @Test
  void theCheckBeginsAnewWithEveryMessage() {
    try (var peer = server.open(Encoding.JSON)) {
      // Given
      peer.send(ClientFrame.of(TEXT, MIXED)).expectEcho(MIXED);

      // When
      peer.send(ClientFrame.of(TEXT, hex("bf")));

      // Then
      peer.expectFailure(1007);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c0af", "eda080", "f4908080", "ff"})
  void binaryMessagesMayHoldAnything(String digits) {
    try (var peer = server.open(Encoding.PROTOBUF)) {
      // When
      peer.send(ClientFrame.of(BINARY, hex(digits)));

      // Then
      peer.expectEcho(hex(digits));
    }
  }
}
