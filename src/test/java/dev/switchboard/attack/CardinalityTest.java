package dev.switchboard.attack;

import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CardinalityTest {
  @Test
  void noNameAClientCanChooseBecomesASeries() {
    try (var siege = Siege.of()) {
      // Given
      useAll(siege.node(), 0);
      series(siege.node());
      Set<String> before = series(siege.node());

      // When
      for (int round = 1; round <= 100; round++) {
        useAll(siege.node(), round);
      }

      // Then
      Set<String> added = series(siege.node());
      added.removeAll(before);
      assertThat(added).isEmpty();
      siege.assertUnharmed();
    }
  }

  private static void useAll(TestNode node, int round) {
    try (var client = TestClient.open(node)) {
      client.call(
          "connect",
          of("token", node.token("user" + round))
              .put("name", "name" + round)
              .put("version", "v" + round));
      for (int n = 0; n < 10; n++) {
        client.subscribe("channel" + round + "." + n);
      }
      client.subscribe("namespace" + round + ":a");
      client.call("rpc", of("method", "method" + round));
      int code = 4_000 + round;
      node.api(
          "disconnect", of("user", "user" + round).put("disconnect", of("code", code)).encode());
      assertThat(client.closed().code()).isEqualTo(code);
    }
    try (var client = RawClient.connect(node, "raw")) {
      int code = 3_000 + round;
      client.send(RawClient.frame(0x88, new byte[] {(byte) (code >> 8), (byte) code}));
      client.closeCode();
    }
    node.api("method" + round, "{}");
    for (int port : new int[] {node.port(), node.node().internalPort()}) {
      try (var client = RawClient.open(port)) {
        client.send(
            "VERB%d /path%d HTTP/1.1\r\nHost: host%d\r\nUser-Agent: agent%d\r\n\r\n"
                .formatted(round, round, round, round));
        client.head();
      }
    }
  }

  private static Set<String> series(TestNode node) {
    return node.get("/metrics")
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        // Collections of garbage bring their own closed set of causes when they first happen.
        .filter(name -> !name.startsWith("jvm_"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
