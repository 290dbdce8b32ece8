package dev.switchboard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void threeNodesSeeEachOther() {
    // When
    try (var cluster = TestCluster.of(3)) {
      // Then
      List<Membership> all = cluster.nodes().stream().map(MembershipTest::membership).toList();
      assertThat(all).extracting(Membership::incarnation).doesNotHaveDuplicates();
      assertThat(all.getFirst().others())
          .extracting(Member::name)
          .containsExactlyInAnyOrder("node-1", "node-2");
      assertThat(all.getFirst().others())
          .extracting(Member::incarnation)
          .containsExactlyInAnyOrder(all.get(1).incarnation(), all.get(2).incarnation());
    }
  }

  @Test
  void aListenerHearsOnItsContextWhoComesAndGoes() {
    try (var cluster = TestCluster.ofNone(2)) {
      // Given
      Membership first = membership(cluster.start(0));
      Vertx vertx = cluster.node(0).node().vertx();
      var heard = new Heard(vertx.getOrCreateContext());
      first.listen(heard.context, heard);
      await().atMost(PATIENCE).until(() -> heard.others.size() == 1);

      // When
      cluster.start(1);
      await().atMost(PATIENCE).until(() -> heard.others.size() == 2);
      cluster.stop(1);

      // Then
      await().atMost(PATIENCE).until(() -> heard.others.size() == 3);
      assertThat(heard.others).extracting(Set::size).containsExactly(0, 1, 0);
      assertThat(heard.elsewhere).isEmpty();
      assertThat(first.others()).isEmpty();
    }
  }

  // The others say what they can no longer do with it, and it fails to say goodbye.
  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  @AllowLog(logger = "io.vertx.core.impl.VertxImpl", containing = "Failed to leave cluster")
  void aNodeThatVanishesIsNoticedWithinASecond() {
    // Given
    try (var cluster = TestCluster.of(3)) {
      List<Membership> survivors =
          cluster.nodes().subList(0, 2).stream().map(MembershipTest::membership).toList();

      // When
      cluster.kill(2);

      // Then
      await()
          .atMost(Duration.ofSeconds(3))
          .until(() -> survivors.stream().allMatch(one -> one.others().size() == 1));
    }
  }

  @Test
  @AllowLog(logger = "com.hazelcast", containing = "different cluster")
  void aNodeOfAnotherClusterStaysOutside() {
    // Given
    try (var cluster = TestCluster.ofNone(2)) {
      Membership first = membership(cluster.start(0));

      // When
      Membership stranger = membership(cluster.start(1, "cluster.name=another"));

      // Then
      assertThat(first.others()).isEmpty();
      assertThat(stranger.others()).isEmpty();
    }
  }

  private static Membership membership(TestNode node) {
    return node.node().membership().orElseThrow();
  }

  /// What a listener heard, and where it was called if not on its context.
  private static final class Heard implements MembershipListener {
    private final Context context;
    private final Queue<Set<Member>> others = new ConcurrentLinkedQueue<>();
    private final Queue<String> elsewhere = new ConcurrentLinkedQueue<>();

    Heard(Context context) {
      this.context = context;
    }

    @Override
    public void onMembers(long own, Set<Member> members) {
      if (Vertx.currentContext() != context) {
        elsewhere.add(Thread.currentThread().getName());
      }
      others.add(members);
    }

    @Override
    public void onMerged(long own) {
      elsewhere.add("merged");
    }
  }
}
