package dev.switchboard.store;

import static dev.switchboard.store.StoreCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.cluster.Member;
import dev.switchboard.cluster.Membership;
import dev.switchboard.cluster.MembershipListener;
import dev.switchboard.protocol.Publication;
import dev.switchboard.store.StoreCluster.Host;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.testkit.AllowLog;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Streams of nodes that lost sight of each other and merge again.
@AllowLog(logger = "com.hazelcast", containing = "")
@AllowLog(logger = "io.vertx", containing = "")
class MergeTest {
  private static final Retention KEPT =
      new Retention(100, Duration.ofMinutes(5), Duration.ofHours(1));
  private static final Query ALL = new Query(-1, OptionalLong.empty(), false);
  private static final int CHANNELS = 300;

  @Test
  void nodesThatWereAllOnTheirOwnLoseNothing() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      Map<String, Position> acked = appendToAll(cluster.host(0));

      List<Watch> watches = cluster.hosts().stream().map(Watch::of).toList();

      // When
      cluster.dissolve();
      cluster.awaitMerged(cluster.hosts());

      // Then
      assertThat(watches).flatExtracting(Watch::merges).hasSize(2).containsOnly(false);
      assertGoesOn(cluster, acked);
    }
  }

  @Test
  void streamsWaitForWhoeverHadThemLast() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      Map<String, Position> acked = appendToAll(cluster.host(0));
      Host first = cluster.host(0);
      Host second = cluster.host(1);
      Host third = cluster.host(2);

      // When
      cluster.hosts().forEach(host -> host.quorum().set(false));
      cluster.agreeOn(List.of(first, third));
      cluster.dissolve();
      cluster.awaitMerged(List.of(first, second));
      List<Future<Appended>> tries =
          acked.keySet().stream().map(channel -> tryToAppend(second, channel)).toList();
      await().atMost(StoreCluster.PATIENCE).until(() -> tries.stream().anyMatch(Future::failed));
      cluster.agreeOn(cluster.hosts());

      // Then
      assertThat(tries).anyMatch(Future::succeeded);
      assertGoesOn(cluster, acked);
    }
  }

  private static Map<String, Position> appendToAll(Host host) {
    Map<String, Position> acked = new LinkedHashMap<>();
    IntStream.range(0, CHANNELS)
        .mapToObj(number -> "news-" + number)
        .forEach(channel -> acked.put(channel, append(host, channel)));
    return acked;
  }

  /// Nothing that was acknowledged is missing, and its epoch is the same.
  private static void assertGoesOn(StoreCluster cluster, Map<String, Position> acked) {
    acked.forEach(
        (channel, position) -> {
          Position next = append(cluster.host(1), channel);
          assertThat(next.epoch()).as(channel).isEqualTo(position.epoch());
          assertThat(get(cluster.host(2).streams().read(channel, ALL)).publications())
              .as(channel)
              .hasSize((int) next.offset());
        });
  }

  private static Future<Appended> tryToAppend(Host host, String channel) {
    var publication = Publication.of(channel.getBytes(StandardCharsets.UTF_8), null);
    return host.streams().append(channel, Draft.of(publication), KEPT);
  }

  /// Whether a member that merged was still doing so when its node was told of it.
  private record Watch(Membership membership, Queue<Boolean> merges) implements MembershipListener {
    static Watch of(Host host) {
      var watch = new Watch(host.membership().orElseThrow(), new ConcurrentLinkedQueue<>());
      watch.membership.listen(host.vertx().getOrCreateContext(), watch);
      return watch;
    }

    @Override
    public void onMembers(long own, Set<Member> members) {}

    @Override
    public void onMerged(long own) {
      merges.add(membership.isMerging());
    }
  }

  private static Position append(Host host, String channel) {
    return get(tryToAppend(host, channel)).position();
  }
}
