package dev.switchboard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.protocol.MalformedException;
import dev.switchboard.stream.ShardBatch.Item;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ShardCodecTest {
  /// Everything there is, encoded twice over: equal bytes mean equal state.
  @Property(tries = 500)
  void comesBackFromItsBytes(@ForAll long seed) throws MalformedException {
    // Given
    Sample sample = Sample.of(new Random(seed));

    // When
    Sample back =
        new Sample(
            ShardCodec.encode(ShardCodec.shard(sample.shard)),
            ShardCodec.encode(ShardCodec.batch(sample.batch)),
            ShardCodec.encode(ShardCodec.delta(sample.delta)),
            ShardCodec.encode(ShardCodec.result(sample.result)));

    // Then
    assertThat(back).usingRecursiveComparison().isEqualTo(sample);
  }

  @Property(tries = 200)
  void aCopiedShardGoesOnLikeTheFirst(@ForAll long seed) throws MalformedException {
    // Given
    var random = new Random(seed);
    Shard shard = Sample.shard(random);
    ShardBatch batch = Samples.withNotes(random, Samples.anyBatch(random, 3, 1_000, shard.mark()));

    // When
    Shard copy = ShardCodec.shard(ShardCodec.encode(shard));

    // Then
    assertThat(copy.bytes()).isEqualTo(shard.bytes());
    assertThat(copy.logs()).isEqualTo(shard.logs());
    assertThat(copy.apply(batch, 9_000, Samples.LIMITS))
        .isEqualTo(shard.apply(batch, 9_000, Samples.LIMITS));
    assertThat(ShardCodec.encode(copy)).isEqualTo(ShardCodec.encode(shard));
  }

  @Property(tries = 200)
  void truncatedBytesAreRefused(@ForAll long seed) {
    // Given
    var random = new Random(seed);
    Sample sample = Sample.of(random);

    for (byte[] bytes : sample.all()) {
      // When
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));

      // Then
      assertThat(readers(cut)).allSatisfy(ShardCodecTest::assertMalformed);
    }
  }

  /// Anything but a clear refusal: an error, a hang, an array larger than the bytes.
  @Property(tries = 2_000)
  void garbageIsReadOrRefused(@ForAll long seed) {
    // Given
    var random = new Random(seed);
    byte[] bytes = Samples.any(random, Sample.of(random).all()).clone();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }

    // When
    List<Reading> readers = readers(bytes);

    // Then
    assertThat(readers).allSatisfy(ShardCodecTest::assertReadOrRefused);
  }

  @Property(tries = 100)
  void whatTheNextReleaseAddsIsSkipped(@ForAll long seed) throws MalformedException {
    // Given
    Sample sample = Sample.of(new Random(seed));

    // When
    byte[] shard = ShardCodec.encode(ShardCodec.shard(withSection(sample.shard)));
    byte[] batch = ShardCodec.encode(ShardCodec.batch(withSection(sample.batch)));
    byte[] delta = ShardCodec.encode(ShardCodec.delta(withSection(sample.delta)));
    byte[] result = ShardCodec.encode(ShardCodec.result(withSection(sample.result)));

    // Then
    assertThat(List.of(shard, batch, delta, result)).containsExactlyElementsOf(sample.all());
  }

  @Test
  void aFieldThatTheNextReleaseAddsToABlockIsSkipped() throws MalformedException {
    // Given
    var out = new Blocks.Out(16);
    out.putAll(
        List.of(1, 2),
        (to, number) -> {
          to.putInt(number);
          to.putText("new");
        });

    // When
    List<Integer> numbers = new Blocks.In(out.toBytes()).getAll(Blocks.In::getInt);

    // Then
    assertThat(numbers).containsExactly(1, 2);
  }

  @Test
  void aLaterFormatIsRefusedByName() {
    // Given
    byte[] bytes = ShardCodec.encode(new Shard(1, Samples.TITLE));

    // When
    bytes[0]++;

    // Then
    assertThatThrownBy(() -> ShardCodec.shard(bytes))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("update");
  }

  @Test
  void halfASurrogatePairKeepsItsName() throws MalformedException {
    // Given
    var remove = new Item.Remove("\ud800 \u20ac \u00e4");

    // When
    ShardBatch back = ShardCodec.batch(ShardCodec.encode(Samples.batch(1, remove)));

    // Then
    assertThat(back.items()).containsExactly(remove);
  }

  private static byte[] withSection(byte[] bytes) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 6);
    longer[bytes.length + 3] = 2;
    return longer;
  }

  private static List<Reading> readers(byte[] bytes) {
    return switch (bytes.length < 2 ? 0 : bytes[1]) {
      case 1 -> List.of(() -> ShardCodec.shard(bytes));
      case 2 -> List.of(() -> ShardCodec.batch(bytes));
      case 3 -> List.of(() -> ShardCodec.delta(bytes));
      default -> List.of(() -> ShardCodec.result(bytes), () -> ShardCodec.shard(bytes));
    };
  }

  private static void assertMalformed(Reading reading) {
    assertThatThrownBy(reading::read).isInstanceOf(MalformedException.class);
  }

  private static void assertReadOrRefused(Reading reading) {
    try {
      assertThat(reading.read()).isNotNull();
    } catch (MalformedException refused) {
      assertThat(refused).hasMessageMatching(".+");
    }
  }

  private interface Reading {
    Object read() throws MalformedException;
  }

  private record Sample(byte[] shard, byte[] batch, byte[] delta, byte[] result) {
    static Sample of(Random random) {
      Shard shard = shard(random);
      ShardBatch batch = Samples.withNotes(random, Samples.anyBatch(random, 1, 500, shard.mark()));
      ShardResult result = shard.apply(batch, 2_000_000, Samples.LIMITS);
      return new Sample(
          ShardCodec.encode(shard),
          ShardCodec.encode(batch),
          ShardCodec.encode(shard.delta()),
          ShardCodec.encode(result));
    }

    static Shard shard(Random random) {
      var shard = new Shard(random.nextLong(), Samples.TITLE);
      for (int number = 1; number <= random.nextInt(20); number++) {
        ShardBatch batch =
            Samples.withNotes(
                random, Samples.anyBatch(random, random.nextInt(3), number, Shard.Mark.NONE));
        ShardResult result = shard.apply(batch, 1_000L * number, Samples.LIMITS);
        if (random.nextInt(4) == 0) {
          shard.acknowledge(result.mark());
        }
      }
      return shard;
    }

    List<byte[]> all() {
      return List.of(shard, batch, delta, result);
    }
  }
}
