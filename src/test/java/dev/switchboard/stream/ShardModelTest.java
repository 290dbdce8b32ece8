package dev.switchboard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.stream.ModelLog.Place;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardResult.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// A shard does what [ModelLog] says, whatever it is asked.
class ShardModelTest {
  private static final ShardLimits TIGHT = new ShardLimits(400, 4, Duration.ofSeconds(90), 2);

  private final Map<String, String> epochs = new HashMap<>();

  @Property(tries = 2_000)
  void doesWhatTheModelSays(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int batches)
      throws UnsafeException {
    // Given
    Random random = new Random(seed);
    var shard = new Shard(random.nextLong(), Samples.TITLE);
    var model = new ModelLog.Shards(TIGHT);
    long now = random.nextLong(1L << 40);
    epochs.clear();

    for (int number = 1; number <= batches; number++) {
      // When
      now += random.nextInt(4) > 0 ? random.nextInt(3_000) : random.nextInt(200_000);
      ShardBatch batch = Samples.anyBatch(random, 1, number, shard.mark());
      ShardResult result = shard.apply(batch, now, TIGHT);

      // Then
      assertOutcomes(batch, result, model, now);
      assertSecondRunIsTheSame(shard, batch, result, now + random.nextInt(100_000));
      shard.acknowledge(result.mark());
      assertReads(shard, model, random, now);
    }
  }

  private void assertOutcomes(
      ShardBatch batch, ShardResult result, ModelLog.Shards model, long now) {
    var outcomes = result.outcomes().iterator();
    for (Item item : batch.items()) {
      switch (item) {
        case Item.Append append -> {
          var expected = model.append(append, now);
          switch (outcomes.next()) {
            case Outcome.Done(var appended) -> {
              assertThat(appended.getClass().getSimpleName()).isEqualTo(expected.getKey());
              assertPlace(append.channel(), appended.position(), expected.getValue());
            }
            case Outcome.Refused(var reason) ->
                assertThat(reason.name()).isEqualTo(expected.getKey());
            case Outcome.Noted _ -> throw new AssertionError("nothing was noted");
          }
        }
        case Item.Remove(var channel) -> model.remove(channel);
        case Item.Sweep _ -> model.sweep(now);
        case Item.Roll _ -> throw new AssertionError("there are no notes in these batches");
      }
    }
    assertThat(outcomes.hasNext()).isFalse();
  }

  private void assertSecondRunIsTheSame(
      Shard shard, ShardBatch batch, ShardResult result, long later) {
    if (!batch.items().isEmpty()
        && batch.items().stream().anyMatch(Item.Append.class::isInstance)) {
      byte[] before = ShardCodec.encode(shard);
      assertThat(shard.apply(batch, later, TIGHT)).isEqualTo(result);
      assertThat(ShardCodec.encode(shard)).isEqualTo(before);
    }
  }

  private void assertReads(Shard shard, ModelLog.Shards model, Random random, long now)
      throws UnsafeException {
    for (String channel : Samples.CHANNELS) {
      OptionalLong since =
          random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(40));
      var query = new Query(random.nextInt(-1, 6), since, random.nextBoolean());
      Slice slice = shard.read(channel, query, Shard.Mark.NONE, now, Samples.PAGE);
      List<String> expected = model.read(channel, query, now);
      assertThat(slice.publications().stream().map(ModelLog.Shards::text))
          .containsExactlyElementsOf(expected);
      assertPlace(channel, slice.top(), model.top(channel));
    }
  }

  private void assertPlace(String channel, Position position, Place expected) {
    assertThat(position.offset()).isEqualTo(expected.offset());
    String life = channel + "#" + expected.generation();
    String known = epochs.putIfAbsent(life, position.epoch());
    assertThat(position.epoch()).matches("[a-z]{8}").isEqualTo(epochs.get(life));
    if (known == null) {
      assertThat(epochs.values()).containsOnlyOnce(position.epoch());
    }
  }
}
