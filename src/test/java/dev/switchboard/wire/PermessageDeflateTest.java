package dev.switchboard.wire;

import static dev.switchboard.testkit.ClientFrame.CONTINUATION;
import static dev.switchboard.testkit.ClientFrame.PING;
import static dev.switchboard.testkit.ClientFrame.PONG;
import static dev.switchboard.testkit.ClientFrame.TEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoServer;
import dev.switchboard.testkit.RawSocket;
import dev.switchboard.testkit.Zlib;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// RFC 7692, 6 and 7.2: compressed messages on a socket, and others beside them.
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermessageDeflateTest {
  private static final int RSV1 = 4;
  private static final int MAX = EchoServer.LIMITS.messageBytesMax();
  private static final byte[] LONG = "compress me, and once more: ".repeat(20).getBytes(UTF_8);

  private static final Pattern COMPRESSORS =
      Pattern.compile("(?m)(\\d+) +\\d+ +java\\.util\\.zip\\.(?:In|De)flater(?: |$)");

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

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  private static void expectEcho(EchoPeer peer, byte[] message, boolean compressed) {
    var frame = peer.raw().read();
    assertThat(frame.payload()).isEqualTo(message);
    assertThat(frame.compressed()).isEqualTo(compressed);
    assertThat(frame.wireBytes() < message.length).isEqualTo(compressed);
  }

  @ParameterizedTest
  @EnumSource
  void aCompressedMessageIsReadAndAnsweredByOne(Encoding kind) {
    try (var peer = server.openDeflating(kind)) {
      for (int round = 0; round < 3; round++) {
        // When
        peer.send(Zlib.frame(kind, LONG));

        // Then
        expectEcho(peer, LONG, true);
      }
      peer.expectAlive();
    }
  }

  @ParameterizedTest
  @CsvSource({"JSON,1", "JSON,10", "JSON,30", "PROTOBUF,1", "PROTOBUF,7", "PROTOBUF,40"})
  void itMayComeInFragments(Encoding kind, int pieceBytes) {
    try (var peer = server.openDeflating(kind)) {
      // When
      peer.send(Zlib.fragments(kind, LONG, pieceBytes));

      // Then
      expectEcho(peer, LONG, true);
    }
  }

  @Test
  void anyByteMayBeTheLastOfASegment() {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // When
      peer.sendChopped(Zlib.frame(Encoding.JSON, LONG).bytes(), 3);

      // Then
      expectEcho(peer, LONG, true);
    }
  }

  @Test
  void controlFramesMayComeBetweenFragments() {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // Given
      List<ClientFrame> frames = Zlib.fragments(Encoding.JSON, LONG, 15);
      assertThat(frames).hasSizeGreaterThan(2);
      frames.add(1, ClientFrame.of(PING, "p"));
      frames.add(3, ClientFrame.of(PONG, "unasked"));

      // When
      peer.send(frames);

      // Then
      peer.expectPong("p".getBytes(UTF_8));
      expectEcho(peer, LONG, true);
    }
  }

  @Test
  void messagesOfManySocketsMayInterleave() {
    List<EchoPeer> peers =
        IntStream.range(0, 20).mapToObj(_ -> server.openDeflating(Encoding.JSON)).toList();
    // Given
    Function<Integer, byte[]> message =
        peer -> ("of peer " + peer + " ").repeat(30).getBytes(UTF_8);
    int rounds = Zlib.fragments(Encoding.JSON, message.apply(19), 5).size();

    // When
    for (int round = 0; round < rounds; round++) {
      for (int peer = 0; peer < peers.size(); peer++) {
        List<ClientFrame> frames = Zlib.fragments(Encoding.JSON, message.apply(peer), 5);
        if (round < frames.size()) {
          peers.get(peer).send(frames.get(round));
        }
      }
      server.settle();
    }

    // Then
    for (int peer = 0; peer < peers.size(); peer++) {
      expectEcho(peers.get(peer), message.apply(peer), true);
      peers.get(peer).close();
    }
  }

  @Test
  void messagesMayBeCompressedOrNotInTurns() {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // When
      peer.send(
          ClientFrame.of(TEXT, LONG),
          Zlib.frame(Encoding.JSON, "short".getBytes(UTF_8)),
          Zlib.frame(Encoding.JSON, LONG),
          ClientFrame.of(TEXT, Arrays.copyOf(LONG, 30)).more(),
          ClientFrame.of(CONTINUATION, Arrays.copyOfRange(LONG, 30, LONG.length)),
          ClientFrame.text("short"));

      // Then
      expectEcho(peer, LONG, true);
      expectEcho(peer, "short".getBytes(UTF_8), false);
      expectEcho(peer, LONG, true);
      expectEcho(peer, LONG, true);
      expectEcho(peer, "short".getBytes(UTF_8), false);
    }
  }

  @Test
  void aBatchKeepsItsOrderWhateverIsCompressed() {
    try (var peer = server.openDeflating(Encoding.JSON);
        var plain = server.open(Encoding.JSON)) {
      // Given
      List<byte[]> messages =
          List.of("a".getBytes(UTF_8), LONG, "b".getBytes(UTF_8), LONG, "c".getBytes(UTF_8));

      // When
      server.onLoop(
          () -> {
            for (byte[] message : messages) {
              Frame frame = Frame.of(Framing.WEBSOCKET_JSON, message);
              plain.socket().send(frame);
              peer.socket().send(frame);
            }
            return null;
          });

      // Then
      for (byte[] message : messages) {
        expectEcho(peer, message, message == LONG);
        expectEcho(plain, message, false);
      }
    }
  }

  @Test
  void whatCannotGetShorterIsSentAsItIs() {
    try (var peer = server.openDeflating(Encoding.PROTOBUF)) {
      // When
      peer.send(Zlib.frame(Encoding.PROTOBUF, noise(1_000)));

      // Then
      expectEcho(peer, noise(1_000), false);
    }
  }

  @Test
  void anEmptyMessageIsAMessage() {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(TEXT, new byte[1]).rsv(RSV1));

      // Then
      expectEcho(peer, new byte[0], false);
    }
  }

  @Test
  void oneMayFollowTheHandshakeInTheSameSegment() {
    try (var peer = server.connect(Encoding.JSON, 0)) {
      // Given
      var all = new ByteArrayOutputStream();
      all.writeBytes(RawSocket.request(EchoServer.offer(peer)));
      all.writeBytes(Zlib.frame(Encoding.JSON, "early".getBytes(UTF_8)).bytes());

      // When
      peer.raw().send(all.toByteArray());

      // Then
      assertThat(peer.raw().readHead().status()).isEqualTo(101);
      assertThat(peer.raw().read().text()).isEqualTo("early");
    }
  }

  @Test
  void withoutAnAgreementNothingIsCompressed() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.of(TEXT, LONG));

      // Then
      expectEcho(peer, LONG, false);
    }
  }

  @Test
  void charactersMayBeCutByFragmentsAndCompression() {
    try (var peer = server.openDeflating(Encoding.JSON)) {
      // Given
      byte[] message = "κόσμε 𝄞 ".repeat(40).getBytes(UTF_8);

      // When
      peer.send(Zlib.fragments(Encoding.JSON, message, 2));

      // Then
      expectEcho(peer, message, true);
    }
  }

  @ParameterizedTest
  @CsvSource({"JSON,false", "JSON,true", "PROTOBUF,false", "PROTOBUF,true"})
  void aMessageMayBeAsLongAsWithoutCompression(Encoding kind, boolean noisy) {
    try (var peer = server.openDeflating(kind)) {
      // Given
      byte[] message = noisy ? noise(MAX) : new byte[MAX];
      if (noisy && kind == Encoding.JSON) {
        for (int index = 0; index < MAX; index++) {
          message[index] &= 0x7f;
        }
      }

      // When
      peer.send(Zlib.frame(kind, message));

      // Then
      assertThat(peer.raw().read().payload()).isEqualTo(message);
    }
  }

  /// The memory of zlib is outside the heap, so what is counted is those who hold it.
  @Test
  void aSocketHasNoCompressorOfItsOwn() throws Exception {
    // Given
    List<EchoPeer> first = List.of(server.openDeflating(Encoding.JSON));
    long before = compressors();

    // When
    List<EchoPeer> peers =
        IntStream.range(0, 50).mapToObj(_ -> server.openDeflating(Encoding.JSON)).toList();
    for (EchoPeer peer : peers) {
      peer.send(Zlib.frame(Encoding.JSON, LONG));
      expectEcho(peer, LONG, true);
    }
    long with = compressors();

    // Then
    assertThat(before).isPositive();
    assertThat(with).isLessThan(before + 25);
    first.forEach(EchoPeer::close);
    peers.forEach(EchoPeer::close);
  }

  /// Live inflaters and deflaters of this JVM.
  private static long compressors() throws Exception {
    var histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return COMPRESSORS
        .matcher(histogram)
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }
}
