package dev.switchboard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {
  @Test
  void threeNodesSeeEachOther() {
    // When
    try (var cluster = TestCluster.of(3)) {
      // Then
      List<Long> all =
          cluster.nodes().stream()
              .map(MembershipTest::membership)
              .map(Membership::incarnation)
              .toList();
      assertThat(all).doesNotHaveDuplicates();
      for (TestNode node : cluster.nodes()) {
        Membership membership = membership(node);
        assertThat(membership.others())
            .extracting(Member::incarnation)
            .containsExactlyInAnyOrderElementsOf(
                all.stream().filter(one -> one != membership.incarnation()).toList());
      }
    }
  }

  private static Membership membership(TestNode node) {
    return node.node().membership().orElseThrow();
  }
}
