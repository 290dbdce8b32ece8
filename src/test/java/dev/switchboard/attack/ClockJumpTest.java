package dev.switchboard.attack;

import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestClock;
import dev.switchboard.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClockJumpTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aJumpEndsOnlyWhatTrulyExpired() {
    // Given
    var clock = new TestClock();
    try (var node =
            TestNode.start(
                clock,
                "heartbeat.interval=20ms",
                "client.ping_interval=3s",
                "client.pong_timeout=2s",
                "client.stale_timeout=30s",
                "client.handshake_timeout=30s");
        var shortLived = TestClient.open(node);
        var silent = RawClient.upgrade(node);
        var halfOpen = RawClient.open(node.port())) {
      List<TestClient> longLived =
          IntStream.range(0, 20).mapToObj(_ -> TestClient.open(node)).toList();
      longLived.forEach(client -> client.connect(node.token("alice", Duration.ofHours(3))));
      shortLived.connect(node.token("bob", Duration.ofMinutes(30)));

      // When
      for (Duration jump : List.of(HOUR, HOUR.negated(), HOUR.negated(), HOUR)) {
        clock.jump(jump);
        node.awaitSweep();
        longLived.stream().filter(client -> !client.isQuiet()).forEach(ClockJumpTest::pong);
      }

      // Then
      assertThat(shortLived.closed().code()).as("its token was over").isEqualTo(3005);
      assertThat(longLived).noneMatch(TestClient::isClosed);
      assertThat(longLived).allMatch(client -> error(client.publish("a", 1)) == 0);
      assertThat(silent.isEnded()).as("has its time to connect").isFalse();
      assertThat(halfOpen.isEnded()).as("has its time to finish").isFalse();
      longLived.forEach(TestClient::close);
    }
  }

  private static void pong(TestClient client) {
    client.next();
    client.send("{}");
  }
}
