package dev.switchboard.attack;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.switchboard.testkit.LogCapture;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Attacks with tokens, and on them.
class TokenAttackTest {
  @Nested
  class TokenInUrl {
    private static final String CANARY = "canary-7f3a9c";

    @Test
    void secretsShowUpInNoLogMetricOrAnswer() {
      List<String> answers = new ArrayList<>();
      try (var log = LogCapture.start(Level.DEBUG);
          var node =
              TestNode.start(
                  "api.key=" + CANARY + "-api-key",
                  "token.hmac_secret=" + CANARY + "-secret-of-thirty-two-bytes")) {
        // When
        String token = node.signer().sign("alice", Duration.ofHours(1), of("x", CANARY));
        for (String presented : List.of(token, token + CANARY, CANARY)) {
          answers.add(useEverywhere(node, presented));
        }
        answers.add(node.get("/metrics").body());
        answers.add(node.get("/console/stats").body());

        // Then
        List<String> secrets = List.of(CANARY, token, token.split("\\.")[1], token.split("\\.")[2]);
        for (String secret : secrets) {
          assertThat(log.lines().stream().filter(line -> line.contains(secret))).isEmpty();
          assertThat(answers.stream().filter(answer -> answer.contains(secret))).isEmpty();
        }
        assertThat(node.node().config().toString()).doesNotContain(CANARY);
      }
    }

    private static String useEverywhere(TestNode node, String token) {
      var answers = new StringBuilder();
      try (var client = TestClient.open(node)) {
        client.send(of("id", 1).put("connect", of("token", token)).encode());
        client.trySend(of("id", 2).put("subscribe", channel("$a").put("token", token)).encode());
        client.trySend(of("id", 3).put("refresh", of("token", token)).encode());
        client.trySend("{\"send\":{}}");
        answers.append(client.closed());
      }
      for (int port : new int[] {node.port(), node.node().internalPort()}) {
        for (String path : List.of("/connection/websocket", "/api/info", "/nothing", "/%zz")) {
          try (var client = RawClient.open(port)) {
            client.send(
                "POST %s?token=%s&api_key=%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                        .formatted(path, token, token, token)
                    + "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
            answers.append(client.head()).append(client.head());
          }
        }
      }
      return answers.toString();
    }
  }

  @Nested
  class ForgedTokens {
    @Test
    void noForgeryConnects() {
      try (var siege = Siege.of()) {
        // Given
        String good = siege.node().token("mallory");
        String[] parts = good.split("\\.");
        JsonObject jwk = of("kty", "oct").put("k", "AAAA");

        // Then
        for (String header :
            List.of(
                "{\"alg\":\"none\"}",
                "{\"alg\":\"None\",\"typ\":\"JWT\"}",
                "{\"alg\":\"HS512\"}",
                "{\"alg\":\"RS256\"}",
                "{\"alg\":\"ES256\"}",
                "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}",
                of("alg", "HS256").put("jwk", jwk).encode(),
                of("alg", "HS256").put("jku", "http://127.0.0.1:1/").encode())) {
          for (String signature : List.of("", "AAAA", parts[2], "A".repeat(43))) {
            refused(siege, base64(header) + "." + parts[1] + "." + signature);
          }
        }
        refused(siege, parts[0] + "." + base64("{\"sub\":\"root\"}") + "." + parts[2]);
        refused(siege, parts[0] + "." + parts[1] + ".");
        refused(siege, parts[0] + "." + parts[1]);
        refused(siege, good + "=");
        refused(siege, " " + good);
        refused(siege, good + "\n");
        refused(siege, "x".repeat(60_000));
        siege.assertUnharmed();
      }
    }

    private static String base64(String text) {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(Siege siege, String token) {
      try (var client = TestClient.open(siege.node())) {
        client.send(of("id", 1).put("connect", of("token", token)).encode());
        assertThat(client.closed().code()).as(token).isEqualTo(3500);
      }
    }
  }
}
