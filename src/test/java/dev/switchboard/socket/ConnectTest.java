package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.Node;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectTest {
  private final TestNode node = TestNode.start("client.channels_max=3");

  @AfterAll
  void stop() {
    node.close();
  }

  private String tokenWith(JsonObject claims) {
    return node.signer().sign("alice", Duration.ofHours(1), claims);
  }

  private JsonObject connect(TestClient client, String token) {
    return client.connect(token).getJsonObject("connect");
  }

  @Test
  void aGoodTokenConnects() {
    try (var client = TestClient.open(node)) {
      // When
      JsonObject reply = client.connect(node.token("alice"));

      // Then
      JsonObject result = reply.getJsonObject("connect");
      assertThat(reply.getInteger("id")).isEqualTo(1);
      assertThat(result.getString("client")).isNotEmpty();
      assertThat(result.getString("version")).isEqualTo(Node.VERSION);
      assertThat(result.getInteger("ping")).isEqualTo(25);
      assertThat(result.getBoolean("pong")).isTrue();
      assertThat(result.getBoolean("expires")).isTrue();
      assertThat(result.getLong("ttl")).isBetween(3_590L, 3_600L);
      assertThat(result.fieldNames())
          .containsExactlyInAnyOrder("client", "version", "ping", "pong", "expires", "ttl");
    }
  }

  @Test
  void withoutATokenNobodyConnects() {
    try (var client = TestClient.open(node)) {
      // When
      client.send("{\"id\":1,\"connect\":{}}");

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3501, "bad request"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."})
  void aForgedTokenIsTheEnd(String token) {
    try (var client = TestClient.open(node)) {
      // When
      client.send(of("id", 1).put("connect", of("token", token)).encode());

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3500, "invalid token"));
    }
  }

  @Test
  void anExpiredTokenIsAnErrorAndThenNothingGoes() {
    try (var client = TestClient.open(node)) {
      // When
      JsonObject reply = client.connect(tokenWith(of("nbf", Instant.now().getEpochSecond() + 60)));
      client.send("{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}");

      // Then
      assertThat(error(reply)).isEqualTo(109);
      assertThat(client.closed().code()).isEqualTo(3501);
    }
  }

  @Test
  void aSessionThatWouldBeOverAtOnceIsToldThatItsTokenExpired() {
    try (var client = TestClient.open(node)) {
      // When
      JsonObject reply = client.connect(tokenWith(of("expire_at", Instant.now().getEpochSecond())));

      // Then
      assertThat(error(reply)).isEqualTo(109);
    }
  }

  @Test
  void theAnonymousUserOfATokenMayBeDisallowed() {
    try (var client = TestClient.open(node)) {
      // When
      client.send(of("id", 1).put("connect", of("token", node.token(""))).encode());

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3507, "permission denied"));
    }
  }

  @Test
  void aSecondConnectIsABreach() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      client.send(of("id", 9).put("connect", of("token", node.token("alice"))).encode());

      // Then
      assertThat(client.closed().code()).isEqualTo(3501);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"subscribe\":{\"channel\":\"a\"}}",
        "{\"id\":1,\"rpc\":{\"method\":\"a\"}}",
        "{\"send\":{\"data\":1}}",
        "{}",
        "{\"connect\":{}}",
        "not json",
        ""
      })
  void nothingGoesBeforeConnect(String first) {
    try (var client = TestClient.open(node)) {
      // When
      client.send(first);

      // Then
      assertThat(client.closed().code()).isEqualTo(3501);
    }
  }

  @Test
  void aFailedConnectStopsTheRestOfItsFrame() {
    try (var client = TestClient.open(node)) {
      // Given
      String late = tokenWith(of("nbf", Instant.now().getEpochSecond() + 60));

      // When
      client.send(
          of("id", 1).put("connect", of("token", late)).encode()
              + "\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}");
      JsonObject first = client.next();
      client.send("{\"id\":3,\"subscribe\":{\"channel\":\"a\"}}");

      // Then
      assertThat(error(first)).isEqualTo(109);
      assertThat(client.closed().code()).isEqualTo(3501);
      assertThat(client.isQuiet()).isTrue();
    }
  }

  @Test
  void connectAndSubscribeMayShareAFrame() {
    try (var client = TestClient.open(node)) {
      // When
      client.send(
          of("id", 1).put("connect", of("token", node.token("alice"))).encode()
              + "\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}\n"
              + "{\"id\":3,\"subscribe\":{\"channel\":\"b\"}}\n");

      // Then
      assertThat(client.next().containsKey("connect")).isTrue();
      assertThat(client.next()).isEqualTo(new JsonObject("{\"id\":2,\"subscribe\":{}}"));
      assertThat(client.next()).isEqualTo(new JsonObject("{\"id\":3,\"subscribe\":{}}"));
    }
  }

  @Test
  void theTokensChannelsAreSubscribedAtOnce() {
    try (var client = TestClient.open(node)) {
      // When
      var result =
          connect(client, tokenWith(of("channels", new JsonArray().add("one").add("$two"))));
      node.publish("$two", "2");

      // Then
      assertThat(result.getJsonObject("subs"))
          .isEqualTo(new JsonObject("{\"one\":{},\"$two\":{}}"));
      assertThat(client.push().getString("channel")).isEqualTo("$two");
      assertThat(error(client.subscribe("one"))).isEqualTo(105);
    }
  }

  @Test
  void aTokenWithAnUnknownNamespaceIsRefused() {
    try (var client = TestClient.open(node)) {
      // When
      JsonObject reply = client.connect(tokenWith(of("channels", new JsonArray().add("no:such"))));

      // Then
      assertThat(error(reply)).isEqualTo(102);
    }
  }

  @Test
  void aTokenWithTooManyChannelsIsRefused() {
    try (var client = TestClient.open(node)) {
      // Given
      var channels = new JsonArray().add("a").add("b").add("c").add("d");

      // When
      client.send(
          of("id", 1).put("connect", of("token", tokenWith(of("channels", channels)))).encode());

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3505, "channel limit"));
    }
  }

  @Test
  void positionsOfChannelsThatWereNotGrantedAreIgnored() {
    try (var client = TestClient.open(node)) {
      // When
      JsonObject reply =
          client.call(
              "connect",
              of("token", node.token("alice")).put("subs", of("a", of("recover", true))));

      // Then
      assertThat(reply.getJsonObject("connect").containsKey("subs")).isFalse();
      assertThat(error(client.subscribe("a"))).isZero();
    }
  }

  @Test
  void aPositionInAnUnknownNamespaceIsABreach() {
    try (var client = TestClient.open(node)) {
      // Given
      var subs = of("no:such", of("recover", true));

      // When
      client.send(
          of("id", 1).put("connect", of("token", node.token("a")).put("subs", subs)).encode());

      // Then
      assertThat(client.closed().code()).isEqualTo(3501);
    }
  }

  @Test
  void expiryMayDifferFromTheTokens() {
    try (var client = TestClient.open(node);
        var eternal = TestClient.open(node)) {
      // When
      long soon = Instant.now().getEpochSecond() + 100;
      var result = connect(client, tokenWith(of("expire_at", soon)));
      var never = connect(eternal, tokenWith(of("expire_at", 0)));

      // Then
      assertThat(result.getLong("ttl")).isBetween(95L, 100L);
      assertThat(never.containsKey("expires")).isFalse();
      assertThat(never.containsKey("ttl")).isFalse();
    }
  }

  @Test
  void aTokenMadeToOutliveItsMakersConnects() {
    try (var quick = TestNode.start("heartbeat.interval=20ms");
        var client = TestClient.open(quick)) {
      // Given
      String token = quick.token("alice", Duration.ofDays(366 * 100));

      // When
      var result = connect(client, token);
      quick.awaitSweep();
      quick.awaitSweep();

      // Then
      assertThat(result.getBoolean("expires")).isTrue();
      assertThat(client.isClosed()).isFalse();
      assertThat(error(client.call("presence", channel("a")))).isZero();
    }
  }
}
