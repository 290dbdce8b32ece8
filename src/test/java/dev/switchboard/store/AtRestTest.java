package dev.switchboard.store;

import static dev.switchboard.store.StoreCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.Publication;
import dev.switchboard.store.StoreCluster.Host;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Shard;
import dev.switchboard.tenure.Title;
import dev.switchboard.testkit.AllowLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Streams that nobody publishes to while members are lost.
@AllowLog(logger = "com.hazelcast", containing = "")
@AllowLog(logger = "io.vertx", containing = "")
class AtRestTest {
  private static final Retention KEPT =
      new Retention(10, Duration.ofMinutes(5), Duration.ofHours(1));

  // Half of what a sweep of all shards takes.
  private static final Duration SOON = Duration.ofSeconds(16);

  @Test
  void theySurviveOneLossAfterTheOther() {
    try (var cluster = StoreCluster.of(4)) {
      // Given
      List<String> channels = IntStream.range(0, 60).mapToObj(n -> "rest-" + n).toList();
      Host stays = cluster.host(0);
      List<String> epochs = publish(stays, channels);

      // When
      for (int loss = 0; loss < 2; loss++) {
        cluster.kill(cluster.host(1));
        cluster.awaitCopies();
        await().atMost(SOON).until(() -> channels.stream().allMatch(one -> isHeld(cluster, one)));
      }

      // Then
      assertThat(publish(stays, channels)).isEqualTo(epochs);
    }
  }

  private static List<String> publish(Host host, List<String> channels) {
    var draft = Draft.of(Publication.of("1".getBytes(StandardCharsets.UTF_8), null));
    return channels.stream()
        .map(channel -> get(host.streams().append(channel, draft, KEPT)).position())
        .map(Position::epoch)
        .toList();
  }

  /// Whether the two that the partition table names are those of the shard's title.
  private static boolean isHeld(StoreCluster cluster, String channel) {
    Title title = title(cluster.owner(channel), channel).join();
    return title.owner() == cluster.owner(channel).voter()
        && title.backup() == cluster.copy(channel).voter();
  }

  private static CompletableFuture<Title> title(Host host, String channel) {
    var title = new CompletableFuture<Title>();
    Partitions.onShard(
        host,
        channel,
        (store, key) ->
            title.complete(((Shard) store.getRecord(key).getValue()).identity().title()));
    return title;
  }
}
