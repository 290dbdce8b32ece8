package dev.switchboard.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.RawSocket;
import dev.switchboard.testkit.RawSocket.HttpAnswer;
import dev.switchboard.testkit.RawSocket.ServerFrame;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import dev.switchboard.testkit.VertxClient;
import dev.switchboard.testkit.Zlib;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compression from the handshake to the metrics of a node, with clients of all kinds.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionTest {
  private static final String AGREED =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  private static final String SAID = "said often, ".repeat(60);
  private static final String LONG = "\"" + SAID + "\"";

  private final TestNode node =
      TestNode.start(
          "http.permessage_deflate.enabled=true",
          "http.permessage_deflate.message_bytes_min=400",
          "http.uni_websocket.enabled=true",
          "heartbeat.interval=20ms",
          // Long enough for a busy machine.
          "client.handshake_timeout=30s",
          // So that what two loops make at the same time is not counted twice.
          "node.event_loops=1");

  private final Vertx vertx = Vertx.vertx();

  @AfterAll
  void stop() {
    vertx.close().await();
    node.close();
  }

  private static List<String> offer(String path, String extensions) {
    return Stream.concat(
            RawSocket.handshake(path).stream(),
            Stream.of("Sec-WebSocket-Extensions: " + extensions))
        .toList();
  }

  private static HttpAnswer ask(TestNode node, List<String> lines) {
    try (var socket = RawSocket.connect(node.port())) {
      socket.send(RawSocket.request(lines));
      return socket.readHead();
    }
  }

  private RawSocket open(String path) {
    var socket = RawSocket.connect(node.port());
    socket.upgrade(offer(path, "permessage-deflate; client_max_window_bits"));
    assertThat(socket.deflates()).isTrue();
    return socket;
  }

  private RawSocket subscribed(String user, String channel) {
    var socket = open("/connection/websocket");
    socket.send(
        ClientFrame.text(
            "{\"id\":1,\"connect\":{\"token\":\"%s\"}}\n"
                .concat("{\"id\":2,\"subscribe\":{\"channel\":\"%s\"}}")
                .formatted(node.token(user), channel)));
    assertThat(socket.read().text()).contains("\"connect\"");
    assertThat(socket.read().text()).contains("\"subscribe\"");
    return socket;
  }

  private double runs(String direction) {
    return node.metric("switchboard_compression_runs_total{direction=\"" + direction + "\"}");
  }

  private double bytes(String direction, String form) {
    return node.metric(
        "switchboard_compression_bytes_total{direction=\"%s\",form=\"%s\"}"
            .formatted(direction, form));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate|",
        "permessage-deflate; client_max_window_bits|",
        "permessage-deflate; server_max_window_bits=15|; server_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=9, permessage-deflate|"
      })
  void whatIsOfferedAndCanBeDoneIsAgreedTo(String offered, String more) {
    // When
    HttpAnswer answer = ask(node, offer("/connection/websocket", offered));

    // Then
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-extensions"))
        .containsExactly(AGREED + (more == null ? "" : more));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; unheard_of",
        "permessage-deflate; client_max_window_bits=\"",
        "x-webkit-deflate-frame",
        "permessage-deflate; server_max_window_bits=ten",
        ";;,"
      })
  void whatCannotBeDoneIsPassedOver(String offered) {
    // When
    HttpAnswer answer = ask(node, offer("/connection/websocket", offered));

    // Then
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-extensions")).isEmpty();
  }

  @Test
  void nothingIsAgreedToThatNobodyOffered() {
    // When
    HttpAnswer answer = ask(node, RawSocket.handshake("/connection/websocket"));

    // Then
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-extensions")).isEmpty();
  }

  @Test
  void itIsOffUnlessConfigured() {
    try (var usual = TestNode.start();
        var socket = RawSocket.connect(usual.port())) {
      // When
      socket.upgrade(offer("/connection/websocket", "permessage-deflate"));
      socket.send(ClientFrame.of(ClientFrame.TEXT, Zlib.deflate("{}".getBytes(UTF_8))).rsv(4));

      // Then
      assertThat(socket.deflates()).isFalse();
      assertThat(socket.read().closeCode()).isEqualTo(1002);
    }
  }

  /// A client that is not ours, with its own compression.
  @ParameterizedTest
  @EnumSource
  void aClientOfAnotherLibraryDoesEverything(Encoding encoding) {
    String channel = "of-" + encoding;
    double before = runs("in");
    try (var client = VertxClient.connect(vertx, node, "bob", encoding)) {
      // Given
      client.call("subscribe", new JsonObject().put("channel", channel));

      // When
      int id = client.send("publish", new JsonObject().put("channel", channel).put("data", SAID));
      JsonObject own = client.next();
      JsonObject reply = client.next();
      node.publish(channel, "\"short\"");

      // Then
      assertThat(client.extensions()).containsExactly(AGREED);
      assertThat(published(own)).isEqualTo(SAID);
      assertThat(reply.getInteger("id")).isEqualTo(id);
      assertThat(published(client.next())).isEqualTo("short");
      await().untilAsserted(() -> assertThat(runs("in") - before).isEqualTo(3));
    }
  }

  private static Object published(JsonObject reply) {
    return reply.getJsonObject("push").getJsonObject("pub").getValue("data");
  }

  @Test
  void aPublicationIsCompressedOnceForAllItsSubscribers() {
    List<RawSocket> json =
        IntStream.range(0, 30).mapToObj(n -> subscribed("json-" + n, "many")).toList();
    List<VertxClient> protobuf =
        IntStream.range(0, 10)
            .mapToObj(n -> VertxClient.connect(vertx, node, "p-" + n, Encoding.PROTOBUF))
            .toList();
    try (var plain = TestClient.connect(node, "plain")) {
      // Given
      plain.subscribe("many");
      protobuf.forEach(one -> one.call("subscribe", new JsonObject().put("channel", "many")));
      node.awaitSweep();
      double runs = runs("out");
      double before = bytes("out", "plain");
      double after = bytes("out", "compressed");

      // When
      node.publish("many", LONG);

      // Then
      int wireBytes = 0;
      for (RawSocket socket : json) {
        ServerFrame frame = socket.read();
        assertThat(frame.text()).contains(LONG);
        assertThat(frame.compressed()).isTrue();
        wireBytes += frame.wireBytes();
      }
      assertThat(protobuf).allSatisfy(one -> assertThat(published(one.next())).isEqualTo(SAID));
      assertThat(plain.push().getJsonObject("pub").getString("data")).isEqualTo(SAID);
      await().untilAsserted(() -> assertThat(runs("out") - runs).isEqualTo(2));
      assertThat(bytes("out", "plain") - before).isGreaterThan(40 * LONG.length());
      assertThat(bytes("out", "compressed") - after).isBetween(wireBytes * 1.1, wireBytes * 1.6);
    }
    json.forEach(RawSocket::close);
    protobuf.forEach(VertxClient::close);
  }

  @Test
  void messagesToOneClientAreCompressedToo() {
    try (var socket = subscribed("carol", "carols")) {
      // When
      node.api("send", "{\"user\":\"carol\",\"data\":" + LONG + "}");

      // Then
      ServerFrame frame = socket.read();
      assertThat(frame.text()).contains("\"message\"", LONG);
      assertThat(frame.compressed()).isTrue();
    }
  }

  @Test
  void repliesAreCompressedToo() {
    List<RawSocket> members =
        IntStream.range(0, 5).mapToObj(n -> subscribed("member-" + n, "room")).toList();
    // Given
    RawSocket asking = members.getFirst();

    // When
    asking.send(ClientFrame.text("{\"id\":3,\"presence\":{\"channel\":\"room\"}}"));

    // Then
    ServerFrame frame = asking.read();
    assertThat(frame.text()).contains("\"presence\"", "member-4");
    assertThat(frame.compressed()).isTrue();
    members.forEach(RawSocket::close);
  }

  @Test
  void shortMessagesGoAsTheyAreAndTheOrderStays() {
    try (var socket = subscribed("dave", "mixed")) {
      // Given
      double before = runs("out");

      // When
      node.publish("mixed", "1");
      node.publish("mixed", LONG);
      node.publish("mixed", "2");

      // Then
      ServerFrame first = socket.read();
      ServerFrame second = socket.read();
      ServerFrame third = socket.read();
      assertThat(List.of(first.compressed(), second.compressed(), third.compressed()))
          .containsExactly(false, true, false);
      assertThat(first.text()).contains("\"data\":1");
      assertThat(second.text()).contains(LONG);
      assertThat(third.text()).contains("\"data\":2");
      await().untilAsserted(() -> assertThat(runs("out") - before).isEqualTo(1));
    }
  }

  @Test
  void whoOnlyListensMayHaveItToo() {
    try (var socket = open("/connection/uni_websocket")) {
      // Given
      String connect = "{\"token\":\"" + node.token("erin") + "\",\"subs\":{\"news\":{}}}";
      socket.send(ClientFrame.of(ClientFrame.TEXT, Zlib.deflate(connect.getBytes(UTF_8))).rsv(4));
      assertThat(socket.read().text()).contains("\"connect\"");

      // When
      node.publish("news", LONG);

      // Then
      ServerFrame frame = socket.read();
      assertThat(frame.text()).contains(LONG);
      assertThat(frame.compressed()).isTrue();
    }
  }

  @Test
  void aCloseFrameIsNeverCompressed() {
    try (var socket = subscribed("frank", "franks")) {
      // When
      node.api("disconnect", "{\"user\":\"frank\"}");

      // Then
      ServerFrame frame = socket.read();
      assertThat(frame.closeCode()).isEqualTo(3503);
      assertThat(frame.compressed()).isFalse();
    }
  }
}
