package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscribeTest {
  private static final String TOO_LONG = "x".repeat(21);

  private final TestNode node =
      TestNode.start(
          "client.channels_max=2",
          "client.channel_name_bytes_max=20",
          "channel.without_namespace.allow_user_limited_channels=true",
          "channel.namespaces.shut.presence=true",
          "channel.namespaces.digits.allow_subscribe_for_client=true",
          "channel.namespaces.digits.channel_regex=digits:[0-9]+");
  private TestClient client = TestClient.connect(node, "alice");

  @AfterEach
  void reconnect() {
    client.close();
    client = TestClient.connect(node, "alice");
  }

  @AfterAll
  void stop() {
    client.close();
    node.close();
  }

  private String token(String user, String name) {
    return node.signer().subscription(user, name, Duration.ofHours(1));
  }

  private String token(JsonObject claims) {
    return node.signer().sign("alice", Duration.ofHours(1), claims);
  }

  private JsonObject subscribe(String name, String token) {
    return client.call("subscribe", channel(name).put("token", token));
  }

  @Test
  void anEmptyChannelIsABreach() {
    // When
    client.send("{\"id\":5,\"subscribe\":{\"channel\":\"\"}}");

    // Then
    assertThat(client.closed().code()).isEqualTo(3501);
  }

  @Test
  void anUnknownDeltaIsABreachBeforeAnythingElse() {
    // When
    client.send(of("id", 5).put("subscribe", channel(TOO_LONG).put("delta", "xdelta")).encode());

    // Then
    assertThat(client.closed().code()).isEqualTo(3501);
  }

  @Test
  void theChecksComeInTheProtocolsOrder() {
    // Given
    client.subscribe("one");

    // Then: each of these would also fail the check that comes next
    assertThat(error(client.subscribe(TOO_LONG))).isEqualTo(107);
    client.subscribe("two");
    assertThat(error(client.subscribe("one"))).isEqualTo(105);
    assertThat(error(client.subscribe("no:such"))).isEqualTo(106);
    client.call("unsubscribe", channel("two"));
    assertThat(error(client.subscribe("no:ä"))).isEqualTo(102);
    var typed = channel("digits:x").put("type", 1);
    assertThat(error(client.call("subscribe", typed))).isEqualTo(107);
    var closed = channel("shut:x").put("type", 1);
    assertThat(error(client.call("subscribe", closed))).isEqualTo(108);
    assertThat(error(client.subscribe("shut:x"))).isEqualTo(103);
  }

  @ParameterizedTest
  @CsvSource({
    "plain, 0",
    "digits:12, 0",
    "digits:1x, 107",
    "ä, 107",
    "shut:x, 103",
    "$private, 103",
    "no:such, 102",
    "d#alice, 0",
    "d#bob, 103",
    "a#b#alice, 0",
    "'#', 103"
  })
  void aChannelsNameDecides(String name, int code) {
    // When
    JsonObject reply = client.subscribe(name);

    // Then
    assertThat(error(reply)).isEqualTo(code);
  }

  @Test
  void aListOfUsersIsReadToItsEnd() {
    // When
    JsonObject member = client.subscribe("d#bob,alice");
    JsonObject stranger = client.subscribe("d#bob,carol");

    // Then
    assertThat(error(member)).isZero();
    assertThat(error(stranger)).isEqualTo(103);
  }

  @Test
  void aGoodTokenOpensAPrivateChannel() {
    // When
    JsonObject reply = subscribe("$room", token("alice", "$room"));

    // Then
    assertThat(error(reply)).isZero();
    assertThat(reply.getJsonObject("subscribe").getBoolean("expires")).isTrue();
    assertThat(reply.getJsonObject("subscribe").getLong("ttl")).isBetween(3_590L, 3_600L);
  }

  @Test
  void aTokenOpensAClosedNamespaceToo() {
    // When
    JsonObject reply = subscribe("shut:x", token("alice", "shut:x"));

    // Then
    assertThat(error(reply)).isZero();
  }

  @Test
  void aForgedTokenIsDeniedEvenWhereNoneIsNeeded() {
    // When
    JsonObject reply = subscribe("plain", "forged");

    // Then
    assertThat(error(reply)).isEqualTo(103);
  }

  @Test
  void aConnectionTokenIsNoSubscriptionToken() {
    // When
    JsonObject reply = subscribe("$room", node.token("alice"));

    // Then
    assertThat(error(reply)).isEqualTo(103);
  }

  @Test
  void anExpiredTokenAsksForANewOne() {
    // Given
    long now = Instant.now().getEpochSecond();

    // When
    JsonObject early = subscribe("$a", token(channel("$a").put("nbf", now + 60)));
    JsonObject over = subscribe("$a", token(channel("$a").put("expire_at", now)));

    // Then
    assertThat(error(early)).isEqualTo(109);
    assertThat(error(over)).isEqualTo(109);
  }

  @ParameterizedTest
  @CsvSource({"bob, $room", "alice, $other"})
  void aTokenForSomethingElseIsTheEnd(String user, String name) {
    // When
    client.send(
        of("id", 5).put("subscribe", channel("$room").put("token", token(user, name))).encode());

    // Then
    assertThat(client.closed()).isEqualTo(new TestClient.Close(3500, "invalid token"));
  }

  @Test
  void aTokenForAnotherSessionIsTheEnd() {
    // When
    var claims = channel("$room").put("client", "somebody-else");
    client.send(
        of("id", 5).put("subscribe", channel("$room").put("token", token(claims))).encode());

    // Then
    assertThat(client.closed().code()).isEqualTo(3500);
  }

  @Test
  void unsubscribingNeverFails() {
    // Given
    client.subscribe("one");
    var nothing = new JsonObject();

    // When
    JsonObject first = client.call("unsubscribe", channel("one"));
    JsonObject again = client.call("unsubscribe", channel("one"));
    JsonObject unknown = client.call("unsubscribe", channel("no:such"));
    JsonObject tooLong = client.call("unsubscribe", channel(TOO_LONG));

    // Then
    assertThat(first.getJsonObject("unsubscribe")).isEqualTo(nothing);
    assertThat(again.getJsonObject("unsubscribe")).isEqualTo(nothing);
    assertThat(unknown.getJsonObject("unsubscribe")).isEqualTo(nothing);
    assertThat(tooLong.getJsonObject("unsubscribe")).isEqualTo(nothing);
  }

  @Test
  void nothingArrivesAfterUnsubscribing() {
    // Given
    client.subscribe("one");
    client.subscribe("two");
    client.call("unsubscribe", channel("one"));

    // When
    node.publish("one", "1");
    node.publish("two", "2");

    // Then
    assertThat(client.push().getString("channel")).isEqualTo("two");
    assertThat(client.isQuiet()).isTrue();
  }
}
