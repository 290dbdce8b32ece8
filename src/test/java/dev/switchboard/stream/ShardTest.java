package dev.switchboard.stream;

import static dev.switchboard.stream.Samples.KEPT;
import static dev.switchboard.stream.Samples.LIMITS;
import static dev.switchboard.stream.Samples.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardResult.Outcome;
import dev.switchboard.stream.StreamException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTest {
  private static final Retention SHORT =
      new Retention(100, Duration.ofSeconds(1), Duration.ofSeconds(10));
  private static final Item SWEEP = new Item.Sweep(100);

  private final Shard shard = new Shard(42, Samples.TITLE);

  /// Who says who is alive may just have come from another cluster, where it knew nobody.
  @Test
  void nothingEndsOfANodeThatTheOwnerKnows() {
    // Given
    Shard shard = shardWithSessionOf(7);

    // When
    shard.apply(alive(8).asSeenBy(() -> Set.of(7L)), 9_000, Samples.LIMITS);

    // Then
    assertThat(shard.roll().status("ann").connections()).isOne();
  }

  @Test
  void whatANodeHadOpenThatNobodyKnowsEnds() {
    // Given
    Shard shard = shardWithSessionOf(7);

    // When
    shard.apply(alive(8).asSeenBy(() -> Set.of(8L)), 9_000, Samples.LIMITS);

    // Then
    assertThat(shard.roll().status("ann").connections()).isZero();
  }

  private static Shard shardWithSessionOf(long node) {
    var shard = new Shard(1, Samples.TITLE);
    var client = new ClientId(node, 0, 0, 0);
    Note connected = new Note.Connected(client, "ann", 0, Note.Cap.NONE);
    shard.apply(Samples.batch(1, noted(connected)), 0, Samples.LIMITS);
    return shard;
  }

  private static ShardBatch alive(long node) {
    return Samples.batch(2, noted(new Note.Alive(9_000, Set.of(node), 10, 0, Note.Cap.NONE)));
  }

  private static Item noted(Note note) {
    return new Item.Roll(EventStream.channel(0), note, Samples.KEPT);
  }

  @Test
  void theFirstAppendGivesTheEpochThatSubscribersGotBefore() {
    // Given
    Position before = shard.readAhead("a", Query.TOP, 0, PAGE).top();

    // When
    Appended first = Samples.append(shard, "a", Samples.draft("one"));

    // Then
    assertThat(before.offset()).isZero();
    assertThat(first).isEqualTo(new Appended.Stored(new Position(before.epoch(), 1)));
  }

  /// Other releases must find the same: these values may never change.
  @Test
  void placesAndEpochsAreForEver() {
    // When
    List<Integer> shards = IntStream.of(Shard.of("a"), Shard.of("news:\u20ac")).boxed().toList();

    // Then
    assertThat(shards).containsExactly(17, 10);
    assertThat(shard.start("a").epoch()).isEqualTo("nllqkxzj");
  }

  @Test
  void channelsAreSpreadEvenly() {
    // When
    var perShard =
        IntStream.range(0, 100 * Shard.COUNT).mapToObj(i -> Shard.of("room:" + i)).toList();

    // Then
    assertThat(perShard.stream().distinct()).hasSize(Shard.COUNT);
    assertThat(perShard.stream().filter(number -> number == 7).count()).isBetween(50L, 160L);
  }

  @Test
  void aForgottenLogComesBackWithAnotherEpoch() {
    // Given
    Position first = Samples.append(shard, "a", Samples.draft("one"), SHORT, 0).position();
    Position other = shard.readAhead("never", Query.TOP, 0, PAGE).top();
    shard.apply(Samples.batch(10, SWEEP), 9_999, LIMITS);
    assertThat(shard.logs()).isEqualTo(1);

    // When
    shard.apply(Samples.batch(11, SWEEP), 10_000, LIMITS);

    // Then
    assertThat(shard.logs()).isZero();
    assertThat(shard.bytes()).isLessThan(1_000);
    Position again = shard.readAhead("a", Query.TOP, 10_000, PAGE).top();
    assertThat(again.offset()).isZero();
    assertThat(again.epoch()).isNotEqualTo(first.epoch());
    assertThat(shard.readAhead("never", Query.TOP, 0, PAGE).top()).isNotEqualTo(other);
  }

  @Test
  void keysHoldALogThatWouldBeForgotten() {
    // Given
    var first = (Appended.Stored) Samples.append(shard, "a", Samples.keyed("one", "k"), SHORT, 0);
    shard.apply(Samples.batch(2, SWEEP), 60_000, LIMITS);

    // When
    Appended again = Samples.append(shard, "a", Samples.keyed("one", "k"), SHORT, 60_000);

    // Then
    assertThat(again).isEqualTo(new Appended.Repeated(first.position()));
  }

  @Test
  void aSweepGoesOnWhereTheLastOneEnded() {
    // Given
    IntStream.range(0, 5)
        .forEach(i -> Samples.append(shard, "c" + i, Samples.draft("one"), SHORT, 0));

    // When
    List<Integer> left =
        IntStream.range(0, 3)
            .map(
                i -> {
                  shard.apply(Samples.batch(10 + i, new Item.Sweep(2)), 10_000, LIMITS);
                  return shard.logs();
                })
            .boxed()
            .toList();

    // Then
    assertThat(left).containsExactly(3, 1, 0);
  }

  @Test
  void aSweepThatFindsNothingIsNoBatch() {
    // Given
    Samples.append(shard, "a", Samples.draft("one"));
    Shard.Mark before = shard.mark();

    // When
    shard.apply(Samples.batch(10, SWEEP, new Item.Remove("b")), 1, LIMITS);

    // Then
    assertThat(shard.mark()).isEqualTo(before);
  }

  @Test
  void fullKeysRefuseTheirAppendAndNoOther() {
    // Given
    var two = new ShardLimits(PAGE, 2, Duration.ofMinutes(5), 100);
    shard.apply(
        Samples.batch(
            1,
            Samples.append("a", Samples.keyed("one", "k1")),
            Samples.append("a", Samples.keyed("two", "k2"))),
        0,
        two);
    ShardBatch third =
        Samples.batch(
            2,
            Samples.append("a", Samples.keyed("three", "k3")),
            Samples.append("a", Samples.draft("four")));

    // When
    List<Outcome> outcomes = shard.apply(third, 59_999, two).outcomes();

    // Then
    assertThat(outcomes.getFirst()).isEqualTo(new Outcome.Refused(Reason.FULL));
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Done.class);
    var later = Samples.batch(3, Samples.append("a", Samples.keyed("three", "k3")));
    assertThat(shard.apply(later, 60_000, two).outcomes().getFirst())
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aRepeatOfWhatWasNotKeptHasNoPlace() {
    // Given
    Samples.append(shard, "a", Samples.draft("one"));
    Appended passed = Samples.append(shard, "a", Samples.passing("two", "k"));

    // When
    Appended again = Samples.append(shard, "a", Samples.passing("two", "k"));

    // Then
    assertThat(passed.position().offset()).isEqualTo(1);
    assertThat(again).isEqualTo(new Appended.Repeated(new Position(passed.position().epoch(), 0)));
  }

  @Test
  void anotherNumberingOfVersionsStartsAnew() {
    // Given
    Samples.append(shard, "a", Samples.versioned("one", 5, "x"));

    // When
    List<String> words =
        List.of(
                Samples.versioned("same", 5, "x"),
                Samples.versioned("whatever numbering", 4, ""),
                Samples.versioned("other", 1, "y"),
                Samples.versioned("newer", 2, "y"))
            .stream()
            .map(draft -> Samples.append(shard, "a", draft).getClass().getSimpleName())
            .toList();

    // Then
    assertThat(words).containsExactly("Outdated", "Outdated", "Stored", "Stored");
  }

  @Test
  void aBatchOlderThanTheLastOneChangesNothing() {
    // Given
    shard.apply(Samples.batch(2, Samples.append("a", Samples.draft("two"))), 0, LIMITS);
    byte[] before = ShardCodec.encode(shard);
    ShardBatch stale = Samples.batch(1, Samples.append("a", Samples.draft("one")));

    // When
    assertThatThrownBy(() -> shard.apply(stale, 0, LIMITS))
        .isInstanceOfSatisfying(
            StreamException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));

    // Then
    assertThat(ShardCodec.encode(shard)).isEqualTo(before);
  }

  @Test
  void sendersBeyondSixtyFourAreForgottenAfterTenMinutes() {
    // Given
    for (int sender = 0; sender < 100; sender++) {
      shard.apply(from(sender), sender, LIMITS);
    }
    assertThat(shard.senders().all()).hasSize(100);

    // When
    shard.apply(from(100), 600_010, LIMITS);

    // Then
    assertThat(shard.senders().all()).hasSize(90).doesNotContainKey(10L).containsKey(11L);
  }

  @Test
  void whatOnlyTheOwnerMayHaveIsNotShown() throws UnsafeException {
    // Given
    Samples.append(shard, "a", Samples.draft("safe"));
    ShardBatch batch = Samples.batch(2, Samples.append("b", Samples.draft("unsafe")));
    ShardResult result = shard.apply(batch, 0, LIMITS);

    // When
    assertThatThrownBy(() -> shard.read("b", Query.TOP, Shard.Mark.NONE, 0, PAGE))
        .isInstanceOf(UnsafeException.class);

    // Then
    Slice other = shard.read("a", Samples.ALL, Shard.Mark.NONE, 0, PAGE);
    assertThat(Samples.payloads(other)).containsExactly("safe");
    Slice safe = shard.read("b", Samples.ALL, result.mark(), 0, PAGE);
    assertThat(Samples.payloads(safe)).containsExactly("unsafe");
  }

  @Test
  void aRemovalThatOnlyTheOwnerMayHaveIsNotShown() {
    // Given
    Samples.append(shard, "a", Samples.draft("one"));

    // When
    shard.apply(Samples.batch(2, new Item.Remove("a")), 0, LIMITS);

    // Then
    assertThatThrownBy(() -> shard.read("a", Samples.ALL, Shard.Mark.NONE, 0, PAGE))
        .isInstanceOf(UnsafeException.class);
  }

  @Test
  void aGenerationThatOnlyTheOwnerMayHaveIsNotShown() {
    // Given
    Samples.append(shard, "a", Samples.draft("one"), SHORT, 0);

    // When
    shard.apply(Samples.batch(2, SWEEP), 10_000, LIMITS);

    // Then
    assertThatThrownBy(() -> shard.read("never", Query.TOP, Shard.Mark.NONE, 0, PAGE))
        .isInstanceOf(UnsafeException.class);
  }

  @Test
  void nothingMoreComesInWhileTooMuchWaitsForTheBackup() {
    // Given
    byte[] large = new byte[1 << 20];
    var item = Samples.append("a", Draft.of(Publication.of(large, null)));
    IntStream.rangeClosed(1, 17)
        .forEach(number -> shard.apply(Samples.batch(number, item), 0, LIMITS));

    // When
    ShardResult refused = shard.apply(Samples.batch(18, item), 0, LIMITS);

    // Then
    assertThat(refused.outcomes()).containsExactly(new Outcome.Refused(Reason.FULL));
    assertThat(refused.mark()).isEqualTo(shard.delta().end());
    shard.acknowledge(refused.mark());
    assertThat(shard.apply(Samples.batch(19, item), 0, LIMITS).outcomes().getFirst())
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void theOldestGoWhenALogIsTooLarge() {
    // Given
    var limits = new ShardLimits(250, 10, Duration.ofMinutes(5), 100);

    // When
    for (int number = 1; number <= 5; number++) {
      shard.apply(Samples.batch(number, Samples.append("a", Samples.draft("x"))), 0, limits);
    }

    // Then
    Slice slice = shard.readAhead("a", Samples.ALL, 0, PAGE);
    assertThat(Samples.offsets(slice)).containsExactly(3L, 4L, 5L);
    assertThat(slice.top().offset()).isEqualTo(5);
  }

  @Test
  void removingKeepsEpochTopAndKeys() {
    // Given
    Position first = Samples.append(shard, "a", Samples.keyed("one", "k")).position();

    // When
    shard.apply(Samples.batch(2, new Item.Remove("a")), 0, LIMITS);

    // Then
    Slice slice = shard.readAhead("a", Samples.ALL, 0, PAGE);
    assertThat(slice).isEqualTo(new Slice(first, List.of()));
    assertThat(Samples.append(shard, "a", Samples.keyed("one", "k")))
        .isEqualTo(new Appended.Repeated(first));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, , false, 1000000, 1-10",
    "3, , false, 1000000, 1-3",
    "3, 4, false, 1000000, 5-7",
    "-1, 4, true, 1000000, 3-1",
    "2, , true, 1000000, 10-9",
    "-1, 10, false, 1000000, ",
    "-1, 9223372036854775807, false, 1000000, ",
    "-1, -9223372036854775808, true, 1000000, ",
    "-1, 1, true, 1000000, ",
    "-1, , false, 140, 1-2",
    "-1, , true, 140, 10-9",
    "-1, 6, false, 1, 7-7",
    "0, , false, 1000000, "
  })
  void aPageHasWhatWasAskedFor(int limit, Long since, boolean reverse, int bytesMax, String page) {
    // Given
    IntStream.range(0, 10)
        .forEach(i -> Samples.append(shard, "a", Samples.draft("p" + i), KEPT, 0));
    var from = since == null ? OptionalLong.empty() : OptionalLong.of(since);

    // When
    Slice slice = shard.readAhead("a", new Query(limit, from, reverse), 0, bytesMax);

    // Then
    assertThat(Samples.offsets(slice)).isEqualTo(offsets(page));
    assertThat(slice.top().offset()).isEqualTo(10);
  }

  private static List<Long> offsets(String page) {
    if (page == null) {
      return List.of();
    }
    String[] ends = page.split("-");
    long first = Long.parseLong(ends[0]);
    long last = Long.parseLong(ends[1]);
    return first <= last
        ? Samples.range(first, last)
        : Samples.range(last, first).reversed().stream().toList();
  }

  private static ShardBatch from(long sender) {
    return new ShardBatch(
        sender, 1, Shard.Mark.NONE, List.of(Samples.append("a", Samples.draft("x" + sender))));
  }
}
