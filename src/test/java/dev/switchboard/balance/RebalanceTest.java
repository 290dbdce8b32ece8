package dev.switchboard.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Real nodes, one of which has all the sessions.
class RebalanceTest {
  private static final String MOVED = "switchboard_sessions_moved_total{reason=\"rebalance\"}";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static List<TestClient> clients(TestNode node, int count) {
    return IntStream.range(0, count).mapToObj(n -> TestClient.connect(node, "user" + n)).toList();
  }

  private static List<TestClient> closed(List<TestClient> clients) {
    return clients.stream().filter(TestClient::isClosed).toList();
  }

  @Test
  void whoeverHasMoreShedsAndTheOthersDoNot() {
    try (var cluster =
        TestCluster.of(2, "rebalance.sessions_per_second=100", "rebalance.settle=1s")) {
      // Given
      var few = clients(cluster.node(1), 20);
      var many = clients(cluster.node(0), 100);

      // When
      await().atMost(LIMIT).until(() -> closed(many).size() >= 40);

      // Then
      assertThat(closed(many))
          .allSatisfy(client -> assertThat(client.closed().code()).isEqualTo(3011));
      assertThat(closed(many)).hasSizeLessThanOrEqualTo(80);
      assertThat(cluster.node(0).metric(MOVED)).isEqualTo(closed(many).size());
      assertThat(closed(few)).isEmpty();
      assertThat(cluster.node(1).metric(MOVED)).isZero();
    }
  }

  @Test
  void whoeverHasJustComeIsNotMoved() {
    try (var cluster =
        TestCluster.of(2, "rebalance.sessions_per_second=100", "rebalance.settle=10m")) {
      // Given
      var many = clients(cluster.node(0), 50);

      // When
      cluster.nodes().forEach(TestNode::awaitSweep);

      // Then
      assertThat(closed(many)).isEmpty();
    }
  }
}
