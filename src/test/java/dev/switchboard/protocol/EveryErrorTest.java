package dev.switchboard.protocol;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Talker;
import dev.switchboard.testkit.Talker.Carrier;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every error and every unsubscribe push, made to happen by a client on every carrier.
///
/// A new code does not compile without a line in a switch here, and one that the gateway begins to
/// use does not pass without a client that is told it.
class EveryErrorTest {
  private static final int BURST = 20;

  /// Codes that no client is told, and why.
  private static final Map<Enum<?>, String> NEVER =
      Map.of(
          ErrorCode.UNAUTHORIZED, "a client without a session is closed with 3501",
          ErrorCode.EXPIRED, "expired tokens are 109, expired subscriptions the push 2501",
          ErrorCode.CONCURRENT_PAGINATION, "there are no pages of maps",
          UnsubscribeCode.STATE_INVALIDATED, "nothing makes state void");

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            "http.http_stream.enabled=true",
            "heartbeat.interval=50ms",
            "client.channels_max=3",
            "client.commands_per_second=1",
            "client.commands_burst=" + BURST,
            "rpc.enabled=true",
            "rpc.backend=gone",
            "backend.endpoints.0.name=gone",
            "backend.endpoints.0.url=http://127.0.0.1:" + Ports.free(),
            "channel.namespaces.kept.allow_subscribe_for_client=true",
            "channel.namespaces.kept.allow_history_for_client=true",
            "channel.namespaces.kept.history_size=10",
            "channel.namespaces.kept.history_ttl=1m",
            "channel.namespaces.short.allow_subscribe_for_client=true",
            "channel.namespaces.short.force_positioning=true",
            "channel.namespaces.short.history_size=10",
            "channel.namespaces.short.history_ttl=1s",
            "channel.namespaces.short.history_meta_ttl=1s");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static <E extends Enum<E>> Stream<Arguments> onAllCarriers(E[] codes) {
    return Arrays.stream(codes)
        .filter(code -> !NEVER.containsKey(code))
        .flatMap(
            code -> Arrays.stream(Carrier.values()).map(carrier -> Arguments.of(code, carrier)));
  }

  static Stream<Arguments> errors() {
    return onAllCarriers(ErrorCode.values());
  }

  static Stream<Arguments> unsubscribes() {
    return onAllCarriers(UnsubscribeCode.values())
        .filter(one -> one.get()[0] != UnsubscribeCode.INSUFFICIENT_STATE);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aClientIsTold(ErrorCode code, Carrier carrier) {
    // When
    JsonObject reply = provoke(code, carrier);

    // Then
    JsonObject expected = of("code", code.code()).put("message", code.message());
    if (code.temporary()) {
      expected.put("temporary", true);
    }
    assertThat(reply.getJsonObject("error")).isEqualTo(expected);
  }

  private static JsonObject provoke(ErrorCode code, Carrier carrier) {
    if (code == ErrorCode.TOKEN_EXPIRED) {
      try (Talker late = carrier.open(node, of("token", expired(new JsonObject())))) {
        return late.next();
      }
    }
    try (Talker talker = carrier.connect(node, node.token("alice"))) {
      return switch (code) {
        case INTERNAL -> talker.call("rpc", of("method", "sum").put("data", 1));
        case UNKNOWN_CHANNEL -> talker.call("subscribe", channel("nobody:knows"));
        case PERMISSION_DENIED -> talker.call("subscribe", channel("$private"));
        case METHOD_NOT_FOUND -> talker.call("rpc", of("method", "other:sum"));
        case ALREADY_SUBSCRIBED -> {
          talker.call("subscribe", channel("news"));
          yield talker.call("subscribe", channel("news"));
        }
        case LIMIT_EXCEEDED -> {
          for (int number = 0; number < 3; number++) {
            talker.call("subscribe", channel("news" + number));
          }
          yield talker.call("subscribe", channel("news"));
        }
        case BAD_REQUEST -> talker.call("subscribe", channel("x".repeat(256)));
        case NOT_AVAILABLE -> talker.call("history", channel("news"));
        case TOO_MANY_REQUESTS -> flood(talker);
        case UNRECOVERABLE_POSITION ->
            talker.call("history", channel("kept:a").put("since", of("epoch", "other")));
        case UNAUTHORIZED, TOKEN_EXPIRED, EXPIRED, CONCURRENT_PAGINATION ->
            throw new IllegalStateException("not here: " + code);
      };
    }
  }

  private static String expired(JsonObject claims) {
    claims.put("expire_at", Instant.now().getEpochSecond() - 60);
    return node.signer().sign("alice", Duration.ofHours(1), claims);
  }

  private static JsonObject flood(Talker talker) {
    talker.say(
        IntStream.rangeClosed(1, BURST + 1)
            .mapToObj(id -> of("id", id).put("unsubscribe", channel("news")))
            .toArray(JsonObject[]::new));
    JsonObject reply = talker.next();
    while (error(reply) == 0) {
      reply = talker.next();
    }
    return reply;
  }

  @ParameterizedTest
  @MethodSource("unsubscribes")
  void aSubscriptionEnds(UnsubscribeCode code, Carrier carrier) {
    // Given
    String user = carrier.own("user" + code.code());
    try (Talker talker = carrier.connect(node, node.token(user))) {
      // When
      String name = provoke(code, talker, user);

      // Then
      JsonObject push = talker.push();
      while (!push.containsKey("unsubscribe")) {
        push = talker.push();
      }
      assertThat(push)
          .isEqualTo(
              channel(name)
                  .put("unsubscribe", of("code", code.code()).put("reason", code.reason())));
    }
  }

  /// @return the channel
  private static String provoke(UnsubscribeCode code, Talker talker, String user) {
    return switch (code) {
      case SERVER -> {
        talker.call("subscribe", channel("news"));
        node.api("unsubscribe", channel("news").put("user", user).encode());
        yield "news";
      }
      case EXPIRED -> {
        talker.call("subscribe", channel("news"));
        var command = channel("news").put("token", expired(channel("news")));
        talker.say(of("id", 77).put("sub_refresh", command));
        yield "news";
      }
      case INSUFFICIENT_STATE, STATE_INVALIDATED ->
          throw new IllegalStateException("not here: " + code);
    };
  }

  /// On all carriers at once, as it takes a while until a stream is forgotten.
  @Test
  void whoMissedSomethingIsTold() {
    // Given
    Map<Carrier, Talker> talkers = new EnumMap<>(Carrier.class);
    for (Carrier carrier : Carrier.values()) {
      Talker talker = carrier.connect(node, node.token("alice"));
      talker.call("subscribe", channel("short:a"));
      talkers.put(carrier, talker);
    }

    // When
    beginAnew(node, "short:a");

    // Then
    talkers.forEach(
        (carrier, talker) -> {
          assertThat(talker.push().containsKey("pub")).as("%s", carrier).isTrue();
          assertThat(talker.push().getJsonObject("unsubscribe").getInteger("code"))
              .as("%s", carrier)
              .isEqualTo(UnsubscribeCode.INSUFFICIENT_STATE.code());
          talker.close();
        });
  }

  /// Publishes before and after a stream was forgotten, so that it has another epoch.
  ///
  /// @param name in a namespace that remembers for a second
  static void beginAnew(TestNode node, String name) {
    node.publish(name, "1");
    String before = epoch(node, name);
    await().atMost(Duration.ofSeconds(60)).until(() -> !epoch(node, name).equals(before));
    node.publish(name, "2");
  }

  private static String epoch(TestNode node, String name) {
    return new JsonObject(node.api("history", channel(name).encode()))
        .getJsonObject("result")
        .getString("epoch");
  }

  @ParameterizedTest
  @EnumSource
  void whatNobodyIsToldIsNotUsed(ErrorCode code) {
    assertThat(ProtocolPageTest.isUsed(code)).isEqualTo(!NEVER.containsKey(code));
  }

  @ParameterizedTest
  @EnumSource
  void noSubscriptionEndsWithWhatIsNotUsed(UnsubscribeCode code) {
    assertThat(ProtocolPageTest.isUsed(code)).isEqualTo(!NEVER.containsKey(code));
  }
}
