package dev.switchboard.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FossilTest {
  @Property(tries = 2_000)
  void aPatchMakesTheTargetOfTheBase(@ForAll byte[] base, @ForAll byte[] target) {
    assertThat(Patch.apply(base, Fossil.patch(base, target))).isEqualTo(target);
  }

  /// Pieces of few kinds, put together in any order, so that there is much to find.
  @Provide
  Arbitrary<String> patchwork() {
    return Arbitraries.of(
            "the quick brown fox jumps over it; ",
            "äöü€ßÄÖÜ𝄞 und so weiter ",
            "0123456789abcdef",
            "x")
        .list()
        .ofMaxSize(30)
        .map(pieces -> String.join("", pieces));
  }

  @Property(tries = 2_000)
  void thePatchOfATextIsAText(
      @ForAll("patchwork") String base, @ForAll("patchwork") String target) {
    // When
    byte[] patch = Fossil.patch(base.getBytes(UTF_8), target.getBytes(UTF_8));

    // Then
    assertThatCode(() -> UTF_8.newDecoder().decode(ByteBuffer.wrap(patch)))
        .doesNotThrowAnyException();
    assertThat(Patch.apply(base.getBytes(UTF_8), patch)).isEqualTo(target.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    // Of a base of 1,000 bytes: what comes before, where it is cut, what comes in, what comes
    // after.
    "'', 0, '', ''",
    "ab, 0, '', yz",
    "'', 500, changed, ''",
    "ab, 333, changed, yz",
  })
  void aSmallChangeIsASmallPatch(String before, int cut, String changed, String after) {
    // Given
    byte[] base = noise(1_000, 1);
    byte[] target =
        concat(
            before.getBytes(UTF_8),
            Arrays.copyOf(base, cut),
            changed.getBytes(UTF_8),
            Arrays.copyOfRange(base, cut, base.length),
            after.getBytes(UTF_8));

    // When
    byte[] patch = Fossil.patch(base, target);

    // Then
    assertThat(patch).hasSizeLessThan(60);
    assertThat(Patch.apply(base, patch)).isEqualTo(target);
  }

  @Test
  void theCommandsAreThoseOfFossil() {
    // Given
    byte[] base = "0123456789abcdefX".getBytes(UTF_8);
    byte[] target = "0123456789abcdefY".getBytes(UTF_8);

    // Then
    assertThat(new String(Fossil.patch(base, target), UTF_8)).startsWith("H\nG@0,1:Y");
    assertThat(new String(Fossil.patch(base, new byte[0]), UTF_8)).isEqualTo("0\n0;");
  }

  /// Of a base in which everything looks alike, a search for the best match would compare every
  /// byte with every block.
  @Test
  void whoeverChoosesThePayloadsCannotMakeAPatchDear() {
    // Given
    byte[] base = "a".repeat(65_536).getBytes(UTF_8);
    byte[] target = ("a".repeat(16) + "b").repeat(3_855).getBytes(UTF_8);
    Fossil.patch(base, target);
    byte[] plain = noise(65_536, 2);
    byte[] other = noise(65_536, 3);
    Fossil.patch(plain, other);

    // When
    long usual = nanos(plain, other);
    long alike = nanos(base, target);

    // Then
    assertThat(alike).isLessThan(usual * 50);
    assertThat(Patch.apply(base, Fossil.patch(base, target))).isEqualTo(target);
  }

  private static long nanos(byte[] base, byte[] target) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 5; run++) {
      long begun = System.nanoTime();
      Fossil.patch(base, target);
      least = Math.min(least, System.nanoTime() - begun);
    }
    return least;
  }

  private static byte[] noise(int length, int seed) {
    byte[] noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private static byte[] concat(byte[]... parts) {
    var all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }
}
