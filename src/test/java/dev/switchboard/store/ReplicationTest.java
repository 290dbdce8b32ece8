package dev.switchboard.store;

import static dev.switchboard.store.StoreCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.ClusterState;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.wan.impl.CallerProvenance;
import dev.switchboard.protocol.Publication;
import dev.switchboard.store.ShardHost.Outcome;
import dev.switchboard.store.ShardHost.Request;
import dev.switchboard.store.StoreCluster.Host;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardLimits;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.testkit.AllowLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Streams on owners and copies, when members come and go.
@AllowLog(logger = "com.hazelcast", containing = "")
@AllowLog(logger = "io.vertx", containing = "")
class ReplicationTest {
  private static final Retention KEPT =
      new Retention(10_000, Duration.ofMinutes(5), Duration.ofHours(1));
  private static final Query ALL = new Query(-1, OptionalLong.empty(), false);

  @Test
  void everyMemberAppendsAndReads() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      String channel = "news";
      for (Host host : cluster.hosts()) {
        get(host.streams().append(channel, draft("by " + host.clock()), KEPT));
      }

      // When
      List<Slice> read =
          cluster.hosts().stream().map(host -> get(host.streams().read(channel, ALL))).toList();

      // Then
      assertThat(read).extracting(Slice::top).hasSize(3).containsOnly(read.getFirst().top());
      assertThat(read).allSatisfy(slice -> assertThat(slice.publications()).hasSize(3));
    }
  }

  @Test
  void whatIsAckedOutlivesItsOwnerWithItsEpoch() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      Host owner = cluster.host(0);
      String channel = cluster.ownedBy(owner, 1).getFirst();
      Host other = cluster.host(1);
      Position acked = get(other.streams().append(channel, draft("one"), KEPT)).position();

      // When
      cluster.kill(owner);

      // Then
      Slice slice = get(other.streams().read(channel, ALL));
      assertThat(slice.top()).isEqualTo(acked);
      assertThat(texts(slice)).containsExactly("one");
      cluster.awaitCopies();
      assertThat(get(other.streams().append(channel, draft("two"), KEPT)).position())
          .isEqualTo(new Position(acked.epoch(), 2));
    }
  }

  @Test
  void bothCopiesLostIsANewEpoch() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      String channel = "news";
      Host owner = cluster.owner(channel);
      Host copy = cluster.copy(channel);
      Host left = cluster.stranger(channel);
      Position acked = get(left.streams().append(channel, draft("one"), KEPT)).position();

      // When
      cluster.kill(copy);
      cluster.kill(owner);
      cluster.awaitCopies();

      // Then
      Position now = get(left.streams().append(channel, draft("two"), KEPT)).position();
      assertThat(now.epoch()).isNotEqualTo(acked.epoch());
      assertThat(now.offset()).isOne();
    }
  }

  @Test
  void aMemberThatLeavesInGoodOrderTakesNothingAlong() {
    try (var cluster = StoreCluster.of(2)) {
      // Given
      List<String> channels = cluster.ownedBy(cluster.host(1), 50);
      Host stays = cluster.host(0);
      List<Position> acked =
          channels.stream()
              .map(channel -> get(stays.streams().append(channel, draft("one"), KEPT)).position())
              .toList();

      // When
      cluster.stop(cluster.host(1));
      cluster.awaitCopies();

      // Then
      assertThat(channels)
          .map(channel -> get(stays.streams().read(channel, ALL)).top())
          .containsExactlyElementsOf(acked);
      assertThat(get(stays.streams().append(channels.getFirst(), draft("two"), KEPT)).position())
          .isEqualTo(new Position(acked.getFirst().epoch(), 2));
    }
  }

  @Test
  void aKeyIsKnownAfterItsOwnerDied() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      Host owner = cluster.host(0);
      String channel = cluster.ownedBy(owner, 1).getFirst();
      Host other = cluster.host(1);
      var draft = new Draft(publication("one"), "key", 0, "", true);
      Position first = get(other.streams().append(channel, draft, KEPT)).position();
      cluster.kill(owner);
      cluster.awaitCopies();

      // When
      Appended again = get(other.streams().append(channel, draft, KEPT));

      // Then
      assertThat(again).isEqualTo(new Appended.Repeated(first));
    }
  }

  @Test
  void aBatchThatIsSentAgainIsAnsweredAndNotCarriedOutAgain() {
    try (var cluster = StoreCluster.of(2)) {
      // Given
      Host host = cluster.host(0);
      String channel = cluster.ownedBy(cluster.host(1), 1).getFirst();
      ShardBatch batch = batch(channel, "one");
      Outcome first = ask(host, channel, batch);

      // When
      Outcome again = ask(host, channel, batch);

      // Then
      assertThat(first).isInstanceOf(Outcome.Answered.class).isEqualTo(again);
      assertThat(texts(get(host.streams().read(channel, ALL)))).containsExactly("one");
    }
  }

  @Test
  void withNobodyToCopyToNothingIsKept() {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      String channel = "news";
      Host owner = cluster.owner(channel);
      // So that the lost copy is not replaced at once.
      owner.hazelcast().getCluster().changeClusterState(ClusterState.NO_MIGRATION);
      cluster.kill(cluster.copy(channel));
      await().until(() -> owner.shards().holders(Shard.of(channel)).isEmpty());

      // When
      var refused =
          assertThatThrownBy(() -> get(owner.streams().append(channel, draft("one"), KEPT)));

      // Then
      refused.isInstanceOf(StreamException.class);
      refused.extracting(one -> ((StreamException) one).reason()).isEqualTo(Reason.UNAVAILABLE);
      await()
          .atMost(StoreCluster.PATIENCE)
          .ignoreExceptions()
          .until(() -> active(owner.hazelcast().getCluster()));
      cluster.awaitCopies();
      assertThat(get(owner.streams().append(channel, draft("one"), KEPT)).position().offset())
          .isOne();
    }
  }

  @Test
  void aCopyThatHangsForAWhileCostsTimeOnly() {
    try (var cluster = StoreCluster.of(2)) {
      // Given
      Host owner = cluster.host(0);
      String channel = cluster.ownedBy(owner, 1).getFirst();
      get(owner.streams().append(channel, draft("one"), KEPT));
      double repeated = owner.count("switchboard.stream.batches.repeated");
      var hangs = new CountDownLatch(1);
      hang(cluster.host(1), channel, hangs);

      // When
      Future<Appended> two = owner.streams().append(channel, draft("two"), KEPT);
      await().until(() -> owner.count("switchboard.stream.batches.repeated") > repeated);
      hangs.countDown();

      // Then
      assertThat(get(two).position().offset()).isEqualTo(2);
      assertThat(texts(get(owner.streams().read(channel, ALL)))).containsExactly("one", "two");
    }
  }

  @Test
  void aCopyThatHangsForLongLeavesADoubtThatAKeySettles() {
    try (var cluster = StoreCluster.of(2)) {
      // Given
      Host owner = cluster.host(0);
      String channel = cluster.ownedBy(owner, 1).getFirst();
      var one = new Draft(publication("one"), "key", 0, "", true);
      var hangs = new CountDownLatch(1);
      hang(cluster.host(1), channel, hangs);

      // When
      var doubtful = assertThatThrownBy(() -> get(owner.streams().append(channel, one, KEPT)));
      hangs.countDown();
      Appended again = get(owner.streams().append(channel, one, KEPT));

      // Then
      doubtful.extracting(it -> ((StreamException) it).reason()).isEqualTo(Reason.INDETERMINATE);
      assertThat(again).isInstanceOf(Appended.Repeated.class);
      assertThat(texts(get(owner.streams().read(channel, ALL)))).containsExactly("one");
    }
  }

  @Test
  void aServiceThatHoldsNoDataIsNobodyToCopyTo() {
    try (var cluster = StoreCluster.of(1)) {
      // Given
      Host alone = cluster.host(0);
      HazelcastInstance service = cluster.service();

      // When
      Position kept = get(alone.streams().append("news", draft("one"), KEPT)).position();

      // Then
      assertThat(alone.hazelcast().getCluster().getMembers()).hasSize(2);
      assertThat(get(alone.streams().read("news", ALL)).top()).isEqualTo(kept);
      service.shutdown();
    }
  }

  @Test
  void aCopyWithAHoleIsCopiedWholeBeforeTheNextAck() {
    try (var cluster = StoreCluster.of(2)) {
      // Given
      Host owner = cluster.host(0);
      Host copy = cluster.host(1);
      String channel = cluster.ownedBy(owner, 1).getFirst();
      Position one = get(owner.streams().append(channel, draft("one"), KEPT)).position();
      get(owner.streams().append(channel, draft("two"), KEPT));
      dropCopy(copy, channel);
      double repeated = owner.count("switchboard.stream.batches.repeated");

      // When
      Position three = get(owner.streams().append(channel, draft("three"), KEPT)).position();
      double repeatedThen = owner.count("switchboard.stream.batches.repeated");
      cluster.kill(owner);

      // Then
      assertThat(repeatedThen).isGreaterThan(repeated);
      assertThat(three).isEqualTo(new Position(one.epoch(), 3));
      assertThat(texts(get(copy.streams().read(channel, ALL))))
          .containsExactly("one", "two", "three");
      assertThat(copy.count("switchboard.stream.copies.refused")).isPositive();
    }
  }

  @Test
  void whatIsNotCopiedYetIsCopiedBeforeItIsShown() {
    try (var cluster = StoreCluster.of(2)) {
      // Given
      Host owner = cluster.host(0);
      Host copy = cluster.host(1);
      String channel = cluster.ownedBy(owner, 1).getFirst();
      Position one = get(copy.streams().append(channel, draft("one"), KEPT)).position();
      applyWithoutCopy(owner, channel, batch(channel, "two"));

      // When
      Slice shown = get(copy.streams().read(channel, ALL));
      cluster.kill(owner);

      // Then
      assertThat(texts(shown)).containsExactly("one", "two");
      assertThat(shown.top()).isEqualTo(new Position(one.epoch(), 2));
      assertThat(get(copy.streams().read(channel, ALL)).top()).isEqualTo(shown.top());
      assertThat(copy.count("switchboard.stream.reads", "outcome", "unsafe")).isPositive();
    }
  }

  @Test
  void anAnswerHoldsOnlyOnceTheCopyIsOnItsWay() throws Exception {
    try (var cluster = StoreCluster.of(2)) {
      // Given
      Host owner = cluster.host(0);
      String channel = cluster.ownedBy(owner, 1).getFirst();
      ShardBatch batch = batch(channel, "one");
      var visit = new OwnerVisit(new Request(Optional.of(batch), Shard.Mark.NONE, List.of()));
      visit.setHazelcastInstance(owner.hazelcast());

      // When
      var answer = (Data) visit.process(new Entry(Shard.of(channel)));
      byte before = last(answer.toByteArray());
      HazelcastShards.engine(owner.hazelcast())
          .getSerializationService()
          .toData(visit.getBackupProcessor());

      // Then
      assertThat(before).isZero();
      assertThat(last(answer.toByteArray())).isEqualTo(OwnerVisit.ALONE_OR_COPIED);
    }
  }

  private static boolean active(Cluster cluster) {
    cluster.changeClusterState(ClusterState.ACTIVE);
    return true;
  }

  private static byte last(byte[] bytes) {
    return bytes[bytes.length - 1];
  }

  /// An entry of no map.
  private static final class Entry extends AbstractMap.SimpleEntry<Integer, Shard> {
    private static final long serialVersionUID = 1L;

    Entry(int shard) {
      super(shard, null);
    }
  }

  private static Outcome ask(Host host, String channel, ShardBatch batch) {
    Promise<Outcome> answer = Promise.promise();
    host.shards()
        .ask(
            Shard.of(channel),
            new Request(Optional.of(batch), Shard.Mark.NONE, List.of()),
            answer::complete);
    return get(answer.future());
  }

  /// Loses a copy without a word, as no member should.
  private static void dropCopy(Host copy, String channel) {
    Partitions.onShard(
        copy,
        channel,
        (store, key) -> {
          store.removeBackup(key, CallerProvenance.NOT_WAN);
          return null;
        });
  }

  /// Does on the owner what a batch asks for, and dies, as it were, before it is copied.
  private static void applyWithoutCopy(Host owner, String channel, ShardBatch batch) {
    Partitions.onShard(
        owner,
        channel,
        (store, key) -> {
          var shard = (Shard) store.getRecord(key).getValue();
          var limits = new ShardLimits(1 << 20, 1_000, Duration.ofMinutes(5), 1_000);
          return shard.apply(batch, System.currentTimeMillis(), limits);
        });
  }

  /// Stops the thread of a shard's partition.
  private static void hang(Host host, String channel, CountDownLatch release) {
    Partitions.onPartition(
        host,
        channel,
        _ -> {
          try {
            release.await();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static ShardBatch batch(String channel, String text) {
    return new ShardBatch(
        4_711, 1, Shard.Mark.NONE, List.of(new Item.Append(channel, draft(text), KEPT)));
  }

  private static Draft draft(String text) {
    return Draft.of(publication(text));
  }

  private static Publication publication(String text) {
    return Publication.of(text.getBytes(StandardCharsets.UTF_8), null);
  }

  private static List<String> texts(Slice slice) {
    return slice.publications().stream()
        .map(one -> new String(one.data(), StandardCharsets.UTF_8))
        .toList();
  }
}
