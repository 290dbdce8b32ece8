package dev.switchboard.store;

import static dev.switchboard.store.StoreCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.Publication;
import dev.switchboard.store.StoreCluster.Host;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Shard;
import dev.switchboard.tenure.Copy;
import dev.switchboard.tenure.GiveUp;
import dev.switchboard.testkit.AllowLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Who holds a shard, when that is about to change and does not.
@AllowLog(logger = "com.hazelcast", containing = "")
@AllowLog(logger = "io.vertx", containing = "")
class TitlesTest {
  private static final Retention KEPT =
      new Retention(10_000, Duration.ofMinutes(5), Duration.ofHours(1));
  private static final Query ALL = new Query(-1, OptionalLong.empty(), false);

  /// The copy was about to move, and then all stayed as it was. The owner need not know: the answer
  /// may have been lost.
  @Test
  void aBackupThatGaveAShardUpConfirmsWhatComesUnderANewTitle() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      String channel = "news";
      Host owner = cluster.owner(channel);
      Position one = get(owner.streams().append(channel, draft("one", ""), KEPT)).position();
      Copy title = copyOf(owner, channel);
      var question = new GiveUp(Shard.of(channel), title, owner.voter(), GiveUp.Plea.GIVE);

      // When
      get(cluster.copy(channel).streams().giveUp(question));

      // Then
      await()
          .atMost(StoreCluster.PATIENCE)
          .ignoreExceptions()
          .until(
              () ->
                  get(owner.streams().append(channel, draft("two", "key"), KEPT))
                          .position()
                          .offset()
                      == 2);
      assertThat(get(owner.streams().read(channel, ALL)).publications()).hasSize(2);
      assertThat(get(owner.streams().append(channel, draft("three", ""), KEPT)).position())
          .isEqualTo(new Position(one.epoch(), 3));
    }
  }

  private static Copy copyOf(Host host, String channel) {
    var copy = new AtomicReference<Copy>();
    Partitions.onShard(
        host,
        channel,
        (store, key) -> {
          copy.set(((Shard) store.getRecord(key).getValue()).copy());
          return null;
        });
    return copy.get();
  }

  private static Draft draft(String text, String key) {
    var publication = Publication.of(text.getBytes(StandardCharsets.UTF_8), null);
    return new Draft(publication, key, 0, "", true);
  }
}
