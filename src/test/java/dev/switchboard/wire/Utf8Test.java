package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class Utf8Test {
  private static boolean isValid(byte[] text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException invalid) {
      return false;
    }
  }

  private static int check(byte[] text, List<Integer> cuts) {
    int state = Utf8.COMPLETE;
    int from = 0;
    for (int cut : cuts.stream().map(cut -> Math.min(cut, text.length)).sorted().toList()) {
      if (state != Utf8.INVALID) {
        state = Utf8.check(state, Arrays.copyOf(text, cut), from);
      }
      from = cut;
    }
    return state == Utf8.INVALID ? state : Utf8.check(state, text, from);
  }

  /// Bytes that often make characters, good and nearly good ones.
  @Provide
  Arbitrary<byte[]> texts() {
    Arbitrary<String> strings = Arbitraries.strings().all().ofMaxLength(30);
    Arbitrary<byte[]> good = strings.map(text -> text.getBytes(StandardCharsets.UTF_8));
    Arbitrary<Byte> edges =
        Arbitraries.of(
                0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0,
                0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff)
            .map(Integer::byteValue);
    Arbitrary<byte[]> rough = edges.array(byte[].class).ofMaxSize(6);
    Arbitrary<byte[]> mixed = Combinators.combine(good, rough, good).as(Utf8Test::concat);
    return Arbitraries.oneOf(good, rough, mixed);
  }

  private static byte[] concat(byte[] first, byte[] second, byte[] third) {
    return ByteBuffer.allocate(first.length + second.length + third.length)
        .put(first)
        .put(second)
        .put(third)
        .array();
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(0, 40).list().ofMaxSize(5);
  }

  @Property(tries = 5_000)
  void itAgreesWithTheDecoderOfJavaHoweverATextIsCut(
      @ForAll("texts") byte[] text, @ForAll("cuts") List<Integer> cuts) {
    // When
    int state = check(text, cuts);

    // Then
    assertThat(state == Utf8.COMPLETE).isEqualTo(isValid(text));
  }

  @Property(tries = 2_000)
  void whatIsInvalidHasNoValidContinuation(@ForAll("texts") byte[] text) {
    // When
    int state = check(text, List.of());

    // Then
    if (state != Utf8.INVALID) {
      assertThat(canBeContinued(text)).isTrue();
    } else {
      assertThat(isValid(text)).isFalse();
      assertThat(canBeContinued(text)).isFalse();
    }
  }

  private static boolean canBeContinued(byte[] text) {
    for (int second = 0x80; second <= 0xbf; second += 0x0f) {
      for (int count = 0; count <= 3; count++) {
        byte[] longer = Arrays.copyOf(text, text.length + count);
        Arrays.fill(longer, text.length, longer.length, (byte) 0x80);
        if (count > 0) {
          longer[text.length] = (byte) second;
        }
        if (isValid(longer)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void everyCodePointIsValid() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += 7) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        // When
        byte[] text = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);

        // Then
        assertThat(check(text, List.of())).isEqualTo(Utf8.COMPLETE);
      }
    }
  }

  @Test
  void everyPairOfBytesIsJudgedAsJavaDoesWhateverFollows() {
    for (int first = 0x70; first <= 0xff; first++) {
      for (int second = 0; second <= 0xff; second++) {
        // Given
        byte[] pair = {(byte) first, (byte) second};
        byte[] triple = {(byte) first, (byte) second, (byte) 0x80};
        byte[] four = {(byte) first, (byte) second, (byte) 0x80, (byte) 0xbf};

        // When // Then
        assertThat(check(pair, List.of(1)) == Utf8.COMPLETE).isEqualTo(isValid(pair));
        assertThat(check(triple, List.of(2)) == Utf8.COMPLETE).isEqualTo(isValid(triple));
        assertThat(check(four, List.of(3)) == Utf8.COMPLETE).isEqualTo(isValid(four));
      }
    }
  }
}
