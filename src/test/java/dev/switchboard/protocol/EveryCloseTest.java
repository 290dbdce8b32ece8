package dev.switchboard.protocol;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.proto.Command;
import dev.switchboard.protocol.proto.ConnectRequest;
import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Talker;
import dev.switchboard.testkit.Talker.Carrier;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every code with which a connection ends, made to happen on every carrier.
///
/// A new code does not compile without a line in a switch here, and one that the gateway begins to
/// use does not pass without a client whose connection it ends.
@AllowLog(logger = "com.hazelcast", containing = "")
@AllowLog(logger = "io.vertx", containing = "")
class EveryCloseTest {
  private static final int BURST = 20;
  private static final String LARGE = "\"" + "x".repeat(60_000) + "\"";

  /// Codes with which no connection ends, and why.
  private static final Map<CloseCode, String> NEVER =
      Map.of(
          CloseCode.GOING_AWAY, "only counted: what a browser says",
          CloseCode.NO_STATUS, "only counted: what nobody says",
          CloseCode.ABNORMAL, "only counted: what nobody says",
          CloseCode.WRITE_ERROR, "a connection that cannot be written to cannot be told",
          CloseCode.STATE_INVALIDATED, "nothing makes state void",
          CloseCode.TOO_MANY_ERRORS, "errors are not counted against a client");

  /// Codes that only the counters name, so being used says nothing.
  private static final Set<CloseCode> COUNTED = EnumSet.of(CloseCode.NO_STATUS, CloseCode.ABNORMAL);

  private static final Set<CloseCode> OF_RFC_6455 =
      EnumSet.range(CloseCode.NORMAL, CloseCode.MESSAGE_TOO_BIG);

  private static TestNode node;
  private static TestNode hasty;
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            "http.http_stream.enabled=true",
            "heartbeat.interval=50ms",
            "events.enabled=true",
            "user.connections_max=2",
            "client.channels_max=3",
            "client.commands_per_second=1",
            "client.commands_burst=" + BURST,
            "client.control_frames_burst=5",
            "client.outbox_bytes_max=128KiB",
            "client.close_grace=300ms",
            "channel.namespaces.short.allow_subscribe_for_client=true",
            "channel.namespaces.short.force_positioning=true",
            "channel.namespaces.short.history_size=10",
            "channel.namespaces.short.history_ttl=1s",
            "channel.namespaces.short.history_meta_ttl=1s");
    hasty =
        TestNode.start(
            "http.http_stream.enabled=true",
            "heartbeat.interval=50ms",
            "client.ping_interval=1s",
            "client.pong_timeout=500ms",
            "client.stale_timeout=1s");
    cluster =
        TestCluster.of(
            2,
            "http.http_stream.enabled=true",
            "channel.namespaces.kept.history_size=10",
            "channel.namespaces.kept.history_ttl=1m");
    awaitAnswer("\"offset\"");
    cluster.kill(1);
    awaitAnswer("\"code\":100");
  }

  private static void awaitAnswer(String part) {
    String publication = channel("kept:a").put("data", 1).encode();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.node(0).api("publish", publication).contains(part));
  }

  @AfterAll
  static void stop() {
    node.close();
    hasty.close();
    cluster.close();
  }

  static Stream<Arguments> closes() {
    return Arrays.stream(CloseCode.values())
        .filter(code -> !NEVER.containsKey(code) && code != CloseCode.INSUFFICIENT_STATE)
        .flatMap(
            code ->
                Arrays.stream(Carrier.values())
                    .filter(carrier -> isPossible(code, carrier))
                    .map(carrier -> Arguments.of(code, carrier)));
  }

  private static boolean isPossible(CloseCode code, Carrier carrier) {
    return switch (code) {
      // Protobuf carries any bytes.
      case INVALID_PAYLOAD, INAPPROPRIATE_PROTOCOL ->
          carrier.encoding() == Encoding.JSON
              && (carrier.isWebSocket() || code == CloseCode.INAPPROPRIATE_PROTOCOL);
      default -> carrier.isWebSocket() || !OF_RFC_6455.contains(code);
    };
  }

  @ParameterizedTest
  @MethodSource("closes")
  void aConnectionEnds(CloseCode code, Carrier carrier) {
    // When
    int ended = OF_RFC_6455.contains(code) ? breach(code, carrier) : end(code, carrier);

    // Then
    assertThat(ended).isEqualTo(code == CloseCode.CONNECTION_CLOSED ? Talker.CUT : code.code());
  }

  /// Breaks a rule of WebSockets, or says good-bye.
  private static int breach(CloseCode code, Carrier carrier) {
    boolean json = carrier == Carrier.WEBSOCKET_JSON;
    int whole = json ? 0x81 : 0x82;
    try (var raw = RawClient.open(node.port())) {
      raw.send(
          RawClient.handshake(node, json ? "" : "Sec-WebSocket-Protocol: centrifuge-protobuf\r\n"));
      assertThat(raw.head()).startsWith("HTTP/1.1 101 ");
      switch (code) {
        case NORMAL -> raw.send(RawClient.frame(0x88, new byte[] {3, (byte) 0xe8}));
        case PROTOCOL_ERROR -> raw.send(RawClient.frame(0x83, new byte[1]));
        case UNSUPPORTED_DATA -> raw.send(RawClient.frame(json ? 0x82 : 0x81, new byte[] {'1'}));
        case INVALID_PAYLOAD -> raw.send(RawClient.frame(whole, new byte[] {(byte) 0xff}));
        case POLICY_VIOLATION -> {
          for (int ping = 0; ping < 7; ping++) {
            raw.trySend(RawClient.frame(0x89, new byte[0]));
          }
        }
        case MESSAGE_TOO_BIG -> raw.trySend(RawClient.frame(whole, new byte[65_537]));
        default -> throw new IllegalStateException("not here: " + code);
      }
      return raw.closeCode();
    }
  }

  private static int end(CloseCode code, Carrier carrier) {
    String user = carrier.own("user" + code.code());
    return switch (code) {
      case CONNECTION_CLOSED, FORCE_RECONNECT -> disconnect(carrier, user, code.code());
      case FORCE_DISCONNECT -> disconnect(carrier, user, 0);
      case SHUTDOWN -> shutdown(carrier, user);
      case INTERNAL_ERROR -> withoutMajority(carrier, user);
      case CONNECTION_EXPIRED -> say(carrier, user, refresh(expired(user)));
      case SUBSCRIPTION_EXPIRED -> subscribeLate(carrier, user);
      case SLOW -> stopReading(carrier, user);
      case NO_PONG -> closed(carrier.connect(hasty, hasty.token(user)));
      case TOO_MANY_REQUESTS -> say(carrier, user, flood());
      case INVALID_TOKEN -> closed(carrier.open(node, of("token", "no.token.atall")));
      case BAD_REQUEST -> say(carrier, user, of("id", 9).put("connect", new JsonObject()));
      case STALE -> closed(carrier.open(hasty, of("token", expired(user))));
      case CONNECTION_LIMIT -> {
        try (Talker _ = carrier.connect(node, node.token(user));
            Talker _ = carrier.connect(node, node.token(user))) {
          yield closed(carrier.open(node, of("token", node.token(user))));
        }
      }
      case CHANNEL_LIMIT ->
          closed(carrier.open(node, of("token", subscribed(user, "a", "b", "c", "d"))));
      case INAPPROPRIATE_PROTOCOL -> notJson(carrier, user);
      case PERMISSION_DENIED -> closed(carrier.open(node, of("token", node.token(""))));
      case NOT_AVAILABLE -> say(carrier, user, of("send", of("data", 1)));
      case NORMAL,
          GOING_AWAY,
          PROTOCOL_ERROR,
          UNSUPPORTED_DATA,
          NO_STATUS,
          ABNORMAL,
          INVALID_PAYLOAD,
          POLICY_VIOLATION,
          MESSAGE_TOO_BIG,
          WRITE_ERROR,
          INSUFFICIENT_STATE,
          STATE_INVALIDATED,
          TOO_MANY_ERRORS ->
          throw new IllegalStateException("not here: " + code);
    };
  }

  private static int closed(Talker talker) {
    try (talker) {
      return talker.closed();
    }
  }

  private static int say(Carrier carrier, String user, JsonObject... commands) {
    Talker talker = carrier.connect(node, node.token(user));
    talker.say(commands);
    return closed(talker);
  }

  private static JsonObject refresh(String token) {
    return of("id", 9).put("refresh", of("token", token));
  }

  private static String expired(String user) {
    var claims = of("expire_at", Instant.now().getEpochSecond() - 60);
    return node.signer().sign(user, Duration.ofHours(1), claims);
  }

  private static String subscribed(String user, String... channels) {
    var claims = of("channels", new JsonArray(Arrays.asList(channels)));
    return node.signer().sign(user, Duration.ofHours(1), claims);
  }

  private static JsonObject[] flood() {
    return IntStream.rangeClosed(1, 2 * BURST + 5)
        .mapToObj(id -> of("id", id).put("unsubscribe", channel("news")))
        .toArray(JsonObject[]::new);
  }

  private static int disconnect(Carrier carrier, String user, int code) {
    Talker talker = carrier.connect(node, node.token(user));
    var order = code == 0 ? new JsonObject() : of("code", code).put("reason", "so it is");
    node.api("disconnect", of("user", user).put("disconnect", order).encode());
    return closed(talker);
  }

  /// The server subscribes it, for a time that is over.
  private static int subscribeLate(Carrier carrier, String user) {
    Talker talker = carrier.connect(node, node.token(user));
    long past = Instant.now().getEpochSecond() - 60;
    var order = of("user", user).put("channel", "a").put("expire_at", past);
    node.api("subscribe", order.encode());
    return closed(talker);
  }

  private static int shutdown(Carrier carrier, String user) {
    Talker talker;
    try (var leaving = TestNode.start("http.http_stream.enabled=true")) {
      talker = carrier.connect(leaving, leaving.token(user));
    }
    return closed(talker);
  }

  /// The stream that the token names cannot be read.
  private static int withoutMajority(Carrier carrier, String user) {
    String unknown = carrier.own("kept:unread");
    return closed(carrier.open(cluster.node(0), of("token", subscribed(user, unknown))));
  }

  /// On all carriers at once, as it takes a while until a stream is forgotten.
  @Test
  void whoMissedSomethingIsSentAway() {
    // Given
    Map<Carrier, Talker> talkers = new EnumMap<>(Carrier.class);
    for (Carrier carrier : Carrier.values()) {
      talkers.put(carrier, carrier.connect(node, subscribed(carrier.own("miss"), "short:b")));
    }

    // When
    EveryErrorTest.beginAnew(node, "short:b");

    // Then
    talkers.forEach(
        (carrier, talker) ->
            assertThat(closed(talker))
                .as("%s", carrier)
                .isEqualTo(CloseCode.INSUFFICIENT_STATE.code()));
  }

  private static int notJson(Carrier carrier, String user) {
    String name = carrier.own("bytes");
    Talker talker = carrier.connect(node, subscribed(user, name));
    node.api("publish", channel(name).put("b64data", "/w==").encode());
    return closed(talker);
  }

  /// The code cannot be read by who does not read; the gateway's counter tells.
  private static int stopReading(Carrier carrier, String user) {
    String name = carrier.own("large");
    double before = slow();
    try (var raw = RawClient.openNarrow(node.port())) {
      byte[] connect = connect(carrier, subscribed(user, name));
      if (carrier.isWebSocket()) {
        String format = carrier.encoding() == Encoding.PROTOBUF ? "centrifuge-protobuf" : "";
        raw.send(
            RawClient.handshake(
                node, format.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + format + "\r\n"));
        assertThat(raw.head()).startsWith("HTTP/1.1 101 ");
        raw.send(RawClient.frame(format.isEmpty() ? 0x81 : 0x82, connect));
      } else {
        raw.send(
            "POST /connection/http_stream HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n"
                    .formatted(
                        carrier.encoding() == Encoding.JSON
                            ? "text/plain"
                            : "application/octet-stream")
                + "Content-Length: %d\r\n\r\n".formatted(connect.length));
        raw.send(connect);
      }
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                node.publish(name, LARGE);
                return slow() > before;
              });
    }
    return CloseCode.SLOW.code();
  }

  private static byte[] connect(Carrier carrier, String token) {
    if (carrier.encoding() == Encoding.JSON) {
      return of("id", 1)
          .put("connect", of("token", token))
          .encode()
          .getBytes(StandardCharsets.UTF_8);
    }
    var bytes = new ByteArrayOutputStream();
    try {
      Command.newBuilder()
          .setId(1)
          .setConnect(ConnectRequest.newBuilder().setToken(token))
          .build()
          .writeDelimitedTo(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static double slow() {
    return node.metric("switchboard_connections_closed_total{code=\"3008\",initiator=\"server\"}");
  }

  @ParameterizedTest
  @EnumSource
  void withWhatIsNotUsedNoConnectionEnds(CloseCode code) {
    // The answer to a client's own good-bye is named nowhere.
    boolean ends = !NEVER.containsKey(code) && code != CloseCode.NORMAL;
    assertThat(ProtocolPageTest.isUsed(code)).isEqualTo(ends || COUNTED.contains(code));
  }
}
