package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.interest.BadInterestException.Reason;
import dev.switchboard.interest.InterestNews.Complete;
import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Digest;
import dev.switchboard.interest.InterestNews.Shard;
import dev.switchboard.interest.InterestNews.Wanted;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterestCodecTest {
  private static final String HASH = "0123456789abcdef";

  @Provide
  Arbitrary<InterestNews> news() {
    var hashes = Arbitraries.oneOf(Hashes.few(), Hashes.any()).list().map(Hashes::array);
    Arbitrary<InterestNews> deltas = Combinators.combine(hashes, hashes).as(Delta::new);
    Arbitrary<InterestNews> shards =
        Combinators.combine(Arbitraries.integers().between(0, 255), hashes)
            .as(InterestCodecTest::shard);
    Arbitrary<InterestNews> digests =
        Arbitraries.longs().list().ofSize(InterestNews.SHARDS).map(Hashes::array).map(Digest::new);
    Arbitrary<InterestNews> wanted =
        Arbitraries.integers()
            .between(0, 255)
            .set()
            .ofMinSize(1)
            .map(set -> set.stream().mapToInt(Integer::intValue).sorted().toArray())
            .map(Wanted::new);
    return Arbitraries.oneOf(deltas, shards, Arbitraries.create(Complete::new), digests, wanted);
  }

  private static Shard shard(int index, long[] hashes) {
    return new Shard(
        index,
        LongStream.of(hashes)
            .map(hash -> hash & 0x00ff_ffff_ffff_ffffL | (long) index << 56)
            .map(RouteHash::unreserved)
            .toArray());
  }

  @Property
  void comesBackFromItsBytes(@ForAll("news") InterestNews news) throws BadInterestException {
    // When
    var back = InterestCodec.decode(InterestCodec.encode(news));

    // Then
    assertThat(back).usingRecursiveComparison().isEqualTo(news);
  }

  @Property
  void refusesWhatIsLongerOrShorter(
      @ForAll("news") InterestNews news, @ForAll @IntRange(max = 100_000) int length) {
    // Given
    var bytes = InterestCodec.encode(news);
    var other = Arrays.copyOf(bytes, length % (bytes.length + 20));

    // When
    var outcome = outcome(other);

    // Then
    // A shard says its size by its length, and wanted shards too: those differ, the rest is
    // refused.
    assertThat(outcome).isIn(other.length == bytes.length ? List.of("same") : outcomes(news));
  }

  private static List<String> outcomes(InterestNews news) {
    return switch (news) {
      case Shard _ -> List.of("EMPTY", "WRONG_LENGTH", "RESERVED_HASH", "same");
      case Wanted _ -> List.of("EMPTY", "WRONG_LENGTH", "UNORDERED_SHARDS", "same");
      case Delta _, Complete _, Digest _ -> List.of("EMPTY", "WRONG_LENGTH");
    };
  }

  @Property
  void refusesOrRepeatsAnyBytes(@ForAll byte[] bytes, @ForAll @IntRange(max = 6) int type) {
    // Given
    if (bytes.length > 0) {
      bytes[0] = (byte) type;
    }

    // When
    var outcome = outcome(bytes);

    // Then
    assertThat(outcome).isNotEqualTo("different");
  }

  /// Why bytes are refused, or whether what they say has the same bytes.
  private static String outcome(byte[] bytes) {
    try {
      var back = InterestCodec.encode(InterestCodec.decode(bytes));
      return Arrays.equals(back, bytes) ? "same" : "different";
    } catch (BadInterestException e) {
      return e.reason().name();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "00, UNKNOWN_TYPE",
    "06, UNKNOWN_TYPE",
    "ff, UNKNOWN_TYPE",
    "01, WRONG_LENGTH",
    "0100000000000000, WRONG_LENGTH",
    "010000000000000001, WRONG_LENGTH",
    "010000000100000000, WRONG_LENGTH",
    "01ffffffffffffffff, WRONG_LENGTH",
    "017fffffff80000001, WRONG_LENGTH",
    "0120000000e0000001" + HASH + ", WRONG_LENGTH",
    "0100000000000000000000000000000000, WRONG_LENGTH",
    "0100000001000000000000000000000000, RESERVED_HASH",
    "0100000000000000010000000000000001, RESERVED_HASH",
    "02, WRONG_LENGTH",
    "020001, WRONG_LENGTH",
    "020000000000000000, RESERVED_HASH",
    "020000000000000001, RESERVED_HASH",
    "0300, WRONG_LENGTH",
    "04, WRONG_LENGTH",
    "04" + HASH + ", WRONG_LENGTH",
    "05, WRONG_LENGTH",
    "050101, UNORDERED_SHARDS",
    "050201, UNORDERED_SHARDS",
  })
  void namesWhyBytesAreRefused(String hex, Reason reason) {
    // Given
    var bytes = HexFormat.of().parseHex(hex);

    // When
    var outcome = outcome(bytes);

    // Then
    assertThat(outcome).isEqualTo(reason.name());
  }

  @Test
  void hasAFixedLayout() {
    // Given
    var hash = 0x0123456789abcdefL;
    var news =
        List.of(
            new Delta(new long[] {hash}, new long[] {2}),
            new Shard(1, new long[] {hash}),
            new Complete(),
            new Wanted(new int[] {0, 255}));

    // When
    var layouts = news.stream().map(InterestCodec::encode).map(HexFormat.of()::formatHex);

    // Then
    assertThat(layouts)
        .containsExactly(
            "010000000100000001" + HASH + "0000000000000002", "02" + HASH, "03", "0500ff");
  }

  @Test
  void cannotMakeAShardOfHashesOfOthers() {
    assertThatThrownBy(() -> new Shard(2, new long[] {0x0123456789abcdefL}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
