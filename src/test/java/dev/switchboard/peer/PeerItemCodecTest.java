package dev.switchboard.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerItemCodecTest {
  private static final int KINDS = 8;

  @Provide
  Arbitrary<PeerItem> items() {
    Arbitrary<Long> numbers = Arbitraries.longs();
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(50);
    return Arbitraries.oneOf(
        Combinators.combine(numbers, bytes).as(PeerItem.Publish::new),
        bytes.map(PeerItem.Interest::new),
        Combinators.combine(numbers, bytes).as(PeerItem.Question::new),
        Combinators.combine(numbers, Arbitraries.of(true, false), bytes).as(PeerItem.Answer::new),
        bytes.map(PeerItem.Roster::new),
        bytes.map(PeerItem.Presence::new),
        Arbitraries.create(PeerItem.Repair::new),
        Arbitraries.create(PeerItem.Leaving::new));
  }

  private static int fixedLength(PeerItem item) {
    return switch (item) {
      case PeerItem.Publish _, PeerItem.Question _ -> 1 + Long.BYTES;
      case PeerItem.Answer _ -> 1 + Long.BYTES + 1;
      case PeerItem.Interest _,
          PeerItem.Roster _,
          PeerItem.Presence _,
          PeerItem.Repair _,
          PeerItem.Leaving _ ->
          1;
    };
  }

  @Property
  void comesBackFromItsBytes(@ForAll("items") PeerItem item) throws UnknownItemException {
    // When
    PeerItem back = PeerItemCodec.decode(PeerItemCodec.encode(item));

    // Then
    assertThat(back).usingRecursiveComparison().isEqualTo(item);
  }

  @Property
  void whatIsCutShortIsRefusedOrOnlyHoldsLess(@ForAll("items") PeerItem item)
      throws UnknownItemException {
    // Given
    byte[] whole = PeerItemCodec.encode(item);

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);

      // Then
      if (length < fixedLength(item)) {
        assertThatThrownBy(() -> PeerItemCodec.decode(part))
            .isInstanceOf(UnknownItemException.class);
      } else {
        PeerItem less = PeerItemCodec.decode(part);
        assertThat(less).hasSameClassAs(item);
        assertThat(PeerItemCodec.encode(less)).isEqualTo(part);
      }
    }
  }

  @Property
  void whateverComesIsAnItemOrRefused(@ForAll byte[] bytes) {
    try {
      PeerItem item = PeerItemCodec.decode(bytes);

      // Then
      assertThat(bytes[0]).isBetween((byte) 1, (byte) KINDS);
      assertThat(item).isNotNull();
    } catch (UnknownItemException refused) {
      assertThat(refused).hasMessageContaining("kind");
    }
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, KINDS + 1, 127, -1})
  void anUnknownKindIsRefusedByItsNumber(byte kind) {
    assertThatThrownBy(() -> PeerItemCodec.decode(new byte[] {kind, 1, 2}))
        .isInstanceOf(UnknownItemException.class)
        .hasMessage("there is no item of kind " + kind);
  }

  @Test
  void theBytesAreTheseForEver() {
    // Given
    byte[] two = {8, 9};

    // Then
    assertThat(PeerItemCodec.encode(new PeerItem.Publish(7, two)))
        .containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9);
    assertThat(PeerItemCodec.encode(new PeerItem.Interest(two))).containsExactly(2, 8, 9);
    assertThat(PeerItemCodec.encode(new PeerItem.Question(7, two)))
        .containsExactly(3, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9);
    assertThat(PeerItemCodec.encode(new PeerItem.Answer(7, true, two)))
        .containsExactly(4, 0, 0, 0, 0, 0, 0, 0, 7, 1, 8, 9);
    assertThat(PeerItemCodec.encode(new PeerItem.Leaving())).containsExactly(5);
  }
}
