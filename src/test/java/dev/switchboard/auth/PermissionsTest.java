package dev.switchboard.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.auth.Permissions.Verdict;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.config.GatewayConfig.PayloadFormat;
import dev.switchboard.config.GatewayConfig.RecoveryMode;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PermissionsTest {
  private static final Principal ALICE = new Principal("alice", null);
  private static final Verdict ALLOWED = new Verdict.Allowed();
  private static final Verdict DENIED = new Verdict.Refused(ErrorCode.PERMISSION_DENIED);
  private static final Verdict BAD_REQUEST = new Verdict.Refused(ErrorCode.BAD_REQUEST);
  private static final Verdict NOT_AVAILABLE = new Verdict.Refused(ErrorCode.NOT_AVAILABLE);
  private static final byte[] JSON = "{}".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({
    // channel, options, user, secure, insecure
    "c, '', alice, false, true",
    "c, '', '', false, true",
    "c, client, alice, true, true",
    "c, client, '', false, true",
    "c, client anonymous, '', true, true",
    "c, anonymous, '', false, true",
    "c, anonymous, alice, false, true",
    "$c, client anonymous limited, alice, false, false",
    "$c, client anonymous limited, '', false, false",
    "$c#alice, client limited, alice, false, false",
    "c#alice, limited, alice, true, true",
    "c#bob, limited, alice, false, true",
    "c#bob, limited client, alice, false, true",
    "c#bob, client, alice, true, true",
    "c#alice, '', alice, false, true",
    "c#bob#alice, limited, alice, true, true",
    "c#alice#bob, limited, alice, false, true",
    "'c#bob,alice', limited, alice, true, true",
    "'c#bob,alice ', limited, alice, false, true",
    "c#ALICE, limited, alice, false, true",
    "c#, limited client anonymous, '', false, true",
    "'c#,', limited client anonymous, '', false, true",
    "c, limited, alice, false, true",
    "c, limited client, alice, true, true"
  })
  void decidesSubscriptionsWithoutToken(
      String channel, String options, String user, boolean secure, boolean insecure) {
    // Given
    var namespace = namespace(PayloadFormat.ANY, options);
    var principal = new Principal(user, null);
    var name = new ChannelName(channel);

    // When
    var verdict = Permissions.subscribe(principal, name, namespace, false);
    var lax = Permissions.subscribe(principal, name, namespace, true);

    // Then
    assertThat(verdict).isEqualTo(secure ? ALLOWED : DENIED);
    assertThat(lax).isEqualTo(insecure ? ALLOWED : DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "alice, $c, '', true", "alice, $c, id, true", "bob, $c, '', false", "'', $c, '', false",
    "Alice, $c, '', false", "alice, c, '', false", "alice, $C, '', false", "alice, $c, ID, false"
  })
  void closesSocketsThatPresentTokensOfOthers(
      String user, String channel, String client, boolean good) {
    // Given
    var grant = new SubscriptionGrant(user, channel, client, SubscriptionTerms.NONE);
    var token = new TokenOutcome.Granted<>(grant);

    // When
    var verdict = Permissions.subscribe(ALICE, new ChannelName("$c"), "id", token);

    // Then
    assertThat(verdict).isEqualTo(good ? ALLOWED : new Verdict.Closed(CloseCode.INVALID_TOKEN));
  }

  @Test
  void answersBadSubscriptionTokens() {
    // Given
    var channel = new ChannelName("c");

    // When
    var expired = Permissions.subscribe(ALICE, channel, "id", new TokenOutcome.Expired<>());
    var refused = Permissions.subscribe(ALICE, channel, "id", new TokenOutcome.Refused<>("x"));

    // Then
    assertThat(expired).isEqualTo(new Verdict.Refused(ErrorCode.TOKEN_EXPIRED));
    assertThat(refused).isEqualTo(DENIED);
  }

  /// One row of the matrix that publish, presence and history share.
  @ParameterizedTest
  @CsvSource({
    // options, user, subscribed, allowed
    "'', alice, true, false",
    "'', '', true, false",
    "client, alice, false, true",
    "client, '', false, false",
    "client, '', true, false",
    "client anonymous, '', false, true",
    "subscriber, alice, false, false",
    "subscriber, alice, true, true",
    "subscriber, '', true, false",
    "subscriber anonymous, '', true, true",
    "subscriber anonymous, '', false, false",
    "anonymous, '', true, false",
    "client subscriber, alice, false, true",
    "anonymous, alice, true, false"
  })
  void decidesPublishPresenceAndHistory(
      String options, String user, boolean subscribed, boolean allowed) {
    // Given
    var namespace = namespace(PayloadFormat.ANY, options + " presence history");
    var principal = new Principal(user, null);

    // When
    var verdicts =
        List.of(
            Permissions.publish(principal, namespace, subscribed, false, JSON),
            Permissions.presence(principal, namespace, subscribed, false),
            Permissions.history(principal, namespace, subscribed, false));
    var lax =
        List.of(
            Permissions.publish(principal, namespace, subscribed, true, JSON),
            Permissions.presence(principal, namespace, subscribed, true),
            Permissions.history(principal, namespace, subscribed, true));

    // Then
    assertThat(verdicts).containsOnly(allowed ? ALLOWED : DENIED);
    assertThat(lax).containsOnly(ALLOWED);
  }

  @Test
  void keepsOffWhatIsOffEvenInInsecureMode() {
    // Given
    var off = namespace(PayloadFormat.ANY, "client subscriber");
    var noTtl = namespace(PayloadFormat.ANY, "client size");

    // When
    var verdicts =
        List.of(
            Permissions.presence(ALICE, off, true, true),
            Permissions.history(ALICE, off, true, true),
            Permissions.history(ALICE, noTtl, true, true));

    // Then
    assertThat(verdicts).containsOnly(NOT_AVAILABLE);
  }

  @ParameterizedTest
  @EnumSource(PayloadFormat.class)
  void refusesNothingAsPayloadUnlessBinary(PayloadFormat format) {
    // Given
    var namespace = namespace(format, "client");

    // When
    var verdicts =
        List.of(
            Permissions.publish(ALICE, namespace, false, false, new byte[0]),
            Permissions.publish(ALICE, namespace, false, true, new byte[0]));

    // Then
    assertThat(verdicts).containsOnly(format == PayloadFormat.BINARY ? ALLOWED : BAD_REQUEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{};true;true", "{\"a\":[1,{\"b\":null}]};true;true", "` {} `;true;true", "[];true;false",
        "\"a\";true;false", "1;true;false", "-1.5e3;true;false", "null;true;false",
        "true;true;false", "{;false;false", "{\"a\"};false;false", "{}{};false;false",
        "{}x;false;false", "\"a;false;false", "1 2;false;false", "tru;false;false",
        "NaN;false;false", "` `;false;false", "{'a':1};false;false", "\"\\x\";false;false",
        "01;false;false", "{} ];false;false", "[1,];false;false"
      })
  void checksJsonPayloads(String text, boolean json, boolean object) {
    // Given
    var data = text.getBytes(StandardCharsets.UTF_8);

    // When
    var any = Permissions.payload(namespace(PayloadFormat.ANY, ""), data);
    var asJson = Permissions.payload(namespace(PayloadFormat.JSON, ""), data);
    var asObject = Permissions.payload(namespace(PayloadFormat.JSON_OBJECT, ""), data);

    // Then
    assertThat(any.allowed()).isTrue();
    assertThat(asJson).isEqualTo(json ? ALLOWED : BAD_REQUEST);
    assertThat(asObject).isEqualTo(object ? ALLOWED : BAD_REQUEST);
  }

  @Test
  void takesOnlyUtf8ForJson() {
    // Given
    var namespace = namespace(PayloadFormat.JSON, "");
    var latin = "\"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
    var wide = "{}".getBytes(StandardCharsets.UTF_16BE);
    var deep = "[".repeat(5000).getBytes(StandardCharsets.UTF_8);

    // When
    var verdicts =
        List.of(
            Permissions.payload(namespace, latin),
            Permissions.payload(namespace, wide),
            Permissions.payload(namespace, deep));

    // Then
    assertThat(verdicts).containsOnly(BAD_REQUEST);
  }

  private static Namespace namespace(PayloadFormat format, String options) {
    var on = Set.of(options.strip().isEmpty() ? new String[] {"-"} : options.strip().split(" "));
    var client = on.contains("client");
    var subscriber = on.contains("subscriber");
    var anonymous = on.contains("anonymous");
    var size = on.contains("history") || on.contains("size") ? 10 : 0;
    var ttl = on.contains("history") ? Duration.ofMinutes(1) : Duration.ZERO;
    return new Namespace(
        on.contains("presence"),
        false,
        false,
        false,
        size,
        ttl,
        Duration.ofDays(1),
        false,
        false,
        false,
        false,
        RecoveryMode.STREAM,
        false,
        List.of(),
        false,
        false,
        false,
        false,
        client,
        anonymous,
        client,
        subscriber,
        anonymous,
        client,
        subscriber,
        anonymous,
        client,
        subscriber,
        anonymous,
        on.contains("limited"),
        false,
        "",
        false,
        "",
        false,
        "",
        "",
        format,
        "");
  }
}
