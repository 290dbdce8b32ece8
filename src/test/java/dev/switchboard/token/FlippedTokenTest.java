package dev.switchboard.token;

import static dev.switchboard.token.TokenForge.CLAIMS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.auth.TokenOutcome;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class FlippedTokenTest {
  private static Vertx vertx;
  private static List<Pair> pairs;

  /// A good token and who accepts it.
  private record Pair(String token, TokenVerifier verifier) {}

  @BeforeContainer
  static void start() {
    vertx = Vertx.vertx();
    pairs =
        Stream.of("HS256", "RS256", "ES256", "EdDSA")
            .map(TokenForge::of)
            .map(f -> new Pair(f.claims(CLAIMS), TokenForge.verifier(vertx, f.key(""))))
            .toList();
  }

  @AfterContainer
  static void stop() {
    vertx.close().await();
  }

  @Property(tries = 5000)
  void acceptsNoTokenWithOneByteChanged(
      @ForAll @IntRange(max = 3) int which,
      @ForAll @IntRange(max = 100_000) int position,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    // Given
    var pair = pairs.get(which);
    var bytes = pair.token().getBytes(StandardCharsets.ISO_8859_1);
    bytes[position % bytes.length] ^= (byte) flip;

    // When
    var outcome = pair.verifier().verifyConnection(new String(bytes, StandardCharsets.ISO_8859_1));

    // Then
    assertThat(outcome).isInstanceOf(TokenOutcome.Refused.class);
  }

  @Property(tries = 1000)
  void acceptsNoTokenThatWasCut(
      @ForAll @IntRange(max = 3) int which, @ForAll @IntRange(max = 100_000) int position) {
    // Given
    var pair = pairs.get(which);
    var cut = pair.token().substring(0, position % pair.token().length());

    // When
    var outcome = pair.verifier().verifyConnection(cut);

    // Then
    assertThat(outcome).isInstanceOf(TokenOutcome.Refused.class);
  }

  @Property(tries = 1000)
  void survivesAnyText(@ForAll @StringLength(max = 300) String text) {
    // When
    var outcomes = pairs.stream().map(pair -> pair.verifier().verifyConnection(text));

    // Then
    assertThat(outcomes).allMatch(outcome -> outcome instanceof TokenOutcome.Refused);
  }
}
