package dev.switchboard.interest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteHashTest {
  /// The vectors of the authors of SipHash: key 00..0f, messages of 0 to 63 bytes 00, 01, 02, ...
  private static final String VECTORS =
      """
      726fdb47dd0e0e31 74f839c593dc67fd 0d6c8009d9a94f5a 85676696d7fb7e2d
      cf2794e0277187b7 18765564cd99a68d cbc9466e58fee3ce ab0200f58b01d137
      93f5f5799a932462 9e0082df0ba9e4b0 7a5dbbc594ddb9f3 f4b32f46226bada7
      751e8fbc860ee5fb 14ea5627c0843d90 f723ca908e7af2ee a129ca6149be45e5
      3f2acc7f57c29bdb 699ae9f52cbe4794 4bc1b3f0968dd39c bb6dc91da77961bd
      bed65cf21aa2ee98 d0f2cbb02e3b67c7 93536795e3a33e88 a80c038ccd5ccec8
      b8ad50c6f649af94 bce192de8a85b8ea 17d835b85bbb15f3 2f2e6163076bcfad
      de4daaaca71dc9a5 a6a2506687956571 ad87a3535c49ef28 32d892fad841c342
      7127512f72f27cce a7f32346f95978e3 12e0b01abb051238 15e034d40fa197ae
      314dffbe0815a3b4 027990f029623981 cadcd4e59ef40c4d 9abfd8766a33735c
      0e3ea96b5304a7d0 ad0c42d6fc585992 187306c89bc215a9 d4a60abcf3792b95
      f935451de4f21df2 a9538f0419755787 db9acddff56ca510 d06c98cd5c0975eb
      e612a3cb9ecba951 c766e62cfcadaf96 ee64435a9752fe72 a192d576b245165a
      0a8787bf8ecb74b2 81b3e73d20b49b6f 7fa8220ba3b2ecea 245731c13ca42499
      b78dbfaf3a8d83bd ea1ad565322a1a0b 60e61c23a3795013 6606d7e446282b93
      6ca4ecb15c5f91e1 9f626da15c9625f3 e51b38608ef25f57 958a324ceb064572
      """;

  private final RouteHash hash = new RouteHash("secret".getBytes(UTF_8));

  @Test
  void isSipHash24() {
    // Given
    var vectors = VECTORS.strip().split("\\s+");
    var message = new byte[vectors.length];
    IntStream.range(0, message.length).forEach(index -> message[index] = (byte) index);

    // When
    var hashes =
        IntStream.range(0, message.length)
            .mapToLong(
                length ->
                    RouteHash.sipHash(
                        0x0706050403020100L, 0x0f0e0d0c0b0a0908L, Arrays.copyOf(message, length)))
            .mapToObj(HexFormat.of()::toHexDigits);

    // Then
    assertThat(hashes).hasSize(64).containsExactly(vectors);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "news", "größe", "😀", "a-name-of-more-than-sixteen-bytes"})
  void tellsKindsKeysAndNamesApart(String name) {
    // Given
    var same = new RouteHash("secret".getBytes(UTF_8));
    var others = new RouteHash(new byte[0]);

    // When
    var channel = hash.channel(name);

    // Then
    assertThat(same.channel(name)).isEqualTo(channel);
    assertThat(channel)
        .isNotEqualTo(hash.user(name))
        .isNotEqualTo(hash.channel(name + "x"))
        .isNotEqualTo(others.channel(name));
  }

  @Test
  void isTheSameInEveryRelease() {
    // When
    var hashes = new long[] {hash.channel("news"), hash.user("größe")};

    // Then
    assertThat(hashes).containsExactly(0x743ee9cbd5065097L, 0xddeb98006beec4f8L);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2",
    "1, 3",
    "2, 2",
    "3, 3",
    "-1, -1",
    "-9223372036854775808, -9223372036854775808"
  })
  void isNeverOneOfTheReserved(long hash, long unreserved) {
    assertThat(RouteHash.unreserved(hash)).isEqualTo(unreserved);
  }

  @Test
  void spreadsNamesOverTheShards() {
    // Given
    var counts = new int[InterestNews.SHARDS];

    // When
    IntStream.range(0, 256_000)
        .forEach(number -> counts[InterestNews.shardOf(hash.channel("room:" + number))]++);

    // Then
    assertThat(IntStream.of(counts)).allMatch(count -> count > 800 && count < 1_200);
  }
}
