package dev.switchboard.attack;

import static dev.switchboard.testkit.Siege.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import dev.switchboard.testkit.Zlib;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Attacks with frames, before and after the connect command.
class FrameAttackTest {
  private static final int TEXT = 0x1;
  private static final int CONTINUATION = 0x0;
  private static final int FIN = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int PING = 0x89;

  private static List<RawClient> pair(Siege siege) {
    return List.of(RawClient.upgrade(siege.node()), RawClient.connect(siege.node(), "mallory"));
  }

  private static void assertClosed(Siege siege, int code, byte[]... frames) {
    for (RawClient client : pair(siege)) {
      try (client) {
        // When
        for (byte[] frame : frames) {
          client.trySend(frame);
        }

        // Then
        assertThat(client.closeCode()).isEqualTo(code);
      }
    }
  }

  @Nested
  class DecompressionBomb {
    @Test
    void compressionIsNotAgreedToUnlessConfigured() {
      try (var siege = Siege.of();
          var client = RawClient.open(siege.node().port())) {
        // Given
        client.send(
            RawClient.handshake(siege.node(), "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
        String head = client.head();
        byte[] bomb = Zlib.deflate(new byte[60 * 1024 * 1024]);

        // When
        byte[] part = Arrays.copyOf(bomb, 60_000);
        client.trySend(RawClient.frame(FIN | COMPRESSED | TEXT, part));

        // Then
        assertThat(head)
            .startsWith("HTTP/1.1 101 ")
            .doesNotContainIgnoringCase("sec-websocket-extensions");
        assertThat(client.closeCode()).isEqualTo(1002);
        assertClosed(
            siege,
            1002,
            RawClient.frame(COMPRESSED | TEXT, part),
            RawClient.frame(FIN | CONTINUATION, part));
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
      }
    }

    @Test
    void aBombIsNeverInflated() {
      try (var siege = Siege.of("http.permessage_deflate.enabled=true", "client.close_grace=5s")) {
        // Given
        byte[] bomb = Zlib.deflate(new byte[60_000_000]);
        byte[] frame = RawClient.frame(FIN | COMPRESSED | TEXT, bomb);
        byte[] first = RawClient.frame(COMPRESSED | TEXT, Arrays.copyOf(bomb, 30_000));
        byte[] last =
            RawClient.frame(FIN | CONTINUATION, Arrays.copyOfRange(bomb, 30_000, bomb.length));

        // When
        for (int n = 0; n < 50; n++) {
          try (var client = deflating(siege);
              var fragmenting = deflating(siege)) {
            client.trySend(frame);
            fragmenting.trySend(first);
            fragmenting.trySend(last);

            // Then
            assertThat(client.closeCode()).isEqualTo(1009);
            assertThat(fragmenting.closeCode()).isEqualTo(1009);
          }
        }
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
      }
    }

    private static RawClient deflating(Siege siege) {
      var client = RawClient.open(siege.node().port());
      client.send(
          RawClient.handshake(siege.node(), "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
      assertThat(client.head()).containsIgnoringCase("sec-websocket-extensions");
      return client;
    }
  }

  @Nested
  class OversizeAndTinyFragments {
    @Test
    void whatIsTooBigIsClosedWith1009() {
      try (var siege = Siege.of()) {
        byte[] half = new byte[40_000];
        byte[] endless = {(byte) 0x81, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0};
        byte[] negative = {(byte) 0x81, (byte) 0xff, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0};
        assertClosed(siege, 1009, RawClient.frame(FIN | TEXT, new byte[65_537]));
        assertClosed(siege, 1009, RawClient.frame(TEXT, half), RawClient.frame(CONTINUATION, half));
        assertClosed(siege, 1009, endless);
        assertClosed(siege, 1002, negative);
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
      }
    }

    @Test
    void aMessageInThousandsOfPiecesIsClosedEarly() {
      try (var siege = Siege.of("client.close_grace=5s")) {
        // Given
        var pieces = new ByteArrayOutputStream();
        pieces.writeBytes(RawClient.frame(TEXT, new byte[] {' '}));
        for (int n = 0; n < 20_000; n++) {
          pieces.writeBytes(RawClient.frame(CONTINUATION, new byte[] {' '}));
        }

        // Then
        assertClosed(siege, 1009, pieces.toByteArray());
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
      }
    }

    @Test
    void messagesThatNeverEndHoldNoMoreThanOneEach() {
      try (var siege = Siege.of()) {
        // When
        List<RawClient> clients =
            IntStream.range(0, 100)
                .mapToObj(n -> RawClient.connect(siege.node(), "u" + n))
                .toList();
        clients.forEach(client -> client.send(RawClient.frame(TEXT, blanks(60_000))));
        await().until(() -> siege.node().metric("switchboard_sessions") >= 100);

        // Then
        siege.assertGrownLess(100 * 80_000L);
        clients.forEach(RawClient::close);
        siege.assertUnharmed();
      }
    }

    private static byte[] blanks(int length) {
      return " ".repeat(length).getBytes();
    }
  }

  @Nested
  class PingFlood {
    private static final byte[] FLOOD = flood();

    private static byte[] flood() {
      var pings = new ByteArrayOutputStream();
      for (int n = 0; n < 10_000; n++) {
        pings.writeBytes(RawClient.frame(PING, new byte[125]));
      }
      return pings.toByteArray();
    }

    @Test
    void whoReadsTheAnswersIsClosedWith1008() {
      try (var siege = Siege.of()) {
        assertClosed(siege, 1008, FLOOD);
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
      }
    }

    @Test
    void whoDoesNotReadThemIsGoneSoonAfter() {
      try (var siege = Siege.of("heartbeat.interval=50ms", "client.close_grace=200ms")) {
        // Given
        List<RawClient> clients =
            IntStream.range(0, 20).mapToObj(_ -> RawClient.openNarrow(siege.node())).toList();

        // When
        clients.parallelStream().forEach(client -> client.trySend(FLOOD));

        // Then
        await().until(() -> siege.node().metric("switchboard_connections") == 1);
        siege.assertGrownLess(2 * MIB);
        clients.forEach(RawClient::close);
        siege.assertUnharmed();
        siege.assertDescriptorsBack();
      }
    }
  }

  @Nested
  class InvalidText {
    @Test
    void textThatIsNotUtf8IsClosedWith1007WhereverItIsCut() {
      try (var siege = Siege.of()) {
        for (byte[] wrong :
            List.of(
                new byte[] {(byte) 0xc0, (byte) 0xaf},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                new byte[] {(byte) 0xce},
                new byte[] {(byte) 0xff})) {
          assertClosed(siege, 1007, RawClient.frame(FIN | TEXT, wrong));
          assertClosed(
              siege,
              1007,
              RawClient.frame(TEXT, new byte[] {'{'}),
              RawClient.frame(FIN | CONTINUATION, wrong));
        }
        siege.assertUnharmed();
      }
    }
  }

  @Nested
  class UnlawfulFrames {
    @Test
    void masksOpcodesAndCloseCodesAreChecked() {
      try (var siege = Siege.of()) {
        assertClosed(siege, 1002, new byte[] {(byte) 0x81, 2, '{', '}'});
        for (int first : new int[] {0x83, 0x8b, 0xa1, 0x91, 0x09, 0x80}) {
          assertClosed(siege, 1002, RawClient.frame(first, new byte[] {'x'}));
        }
        assertClosed(siege, 1002, RawClient.frame(PING, new byte[126]));
        assertClosed(siege, 1003, RawClient.frame(0x82, new byte[] {0}));
        assertClosed(siege, 1002, RawClient.frame(0x88, new byte[] {3}));
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 2999}) {
          byte[] payload = {(byte) (code >> 8), (byte) code};
          assertClosed(siege, 1002, RawClient.frame(0x88, payload));
        }
        siege.assertUnharmed();
      }
    }
  }
}
