package dev.switchboard.attack;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import dev.switchboard.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogInjectionTest {
  private static final List<String> EVIL =
      List.of(
          "evil\r\nERROR forged line",
          "evil\u0000\u001b[31m",
          "evil{}{}%n%s",
          "evil\u2028\u202e",
          "${jndi:ldap://127.0.0.1:1/evil}",
          "evil\",\"level\":\"ERROR");

  @Test
  void nothingAClientSaysReachesTheLog() {
    try (var siege = Siege.of()) {
      for (String evil : EVIL) {
        // When
        sayEverywhere(siege, evil);
      }

      // Then
      siege.assertUnharmed();
      assertThat(siege.log().access())
          .isNotEmpty()
          .noneMatch(line -> line.contains("evil") || line.contains("jndi"))
          .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }
  }

  private static void sayEverywhere(Siege siege, String evil) {
    var node = siege.node();
    try (var client = TestClient.open(node)) {
      client.call(
          "connect",
          of("token", node.token("alice"))
              .put("name", evil)
              .put("version", evil)
              .put("headers", of(evil, evil))
              .put("data", evil)
              .put("subs", of("a", of("epoch", evil))));
      client.subscribe(evil);
      client.publish(evil, evil);
      client.publish("a", evil);
      client.call("rpc", of("method", evil).put("data", evil));
      client.call("subscribe", channel("a").put("token", evil).put("data", evil));
      client.send(of("id", 99).put(evil, of(evil, evil)).encode());
      client.closed();
    }
    try (var client = TestClient.open(node)) {
      // Who signs tokens may name users freely; control characters are refused all the same.
      String user = evil.chars().anyMatch(Character::isISOControl) ? evil : "carol";
      String token = node.signer().sign(user, Duration.ofHours(1), of("info", evil));
      client.send(of("id", 1).put("connect", of("token", token)).encode());
      client.trySend("{\"send\":{}}");
      client.closed();
    }
    try (var client = RawClient.connect(node, "bob")) {
      byte[] reason = ("\u000f\u00a5" + evil).getBytes(StandardCharsets.ISO_8859_1);
      client.send(RawClient.frame(0x88, reason));
      client.closeCode();
    }
    for (String header : List.of("User-Agent", "Cookie", "X-Forwarded-For", "Origin", "Host")) {
      try (var client = RawClient.open(node.port())) {
        client.send(RawClient.handshake(node, header + ": " + evil + "\r\n"));
        client.head();
      }
    }
  }
}
