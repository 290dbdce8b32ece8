package dev.switchboard.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RotationTest {
  @Property
  void everybodyGoesInTheLastQuarter(
      @ForAll long key, @ForAll @IntRange(min = 4, max = 10_000_000) int ageMax) {
    // When
    var rotation = new Rotation(ageMax);

    // Then
    assertThat(rotation.isOver(key, ageMax)).isTrue();
    assertThat(rotation.isOver(key, ageMax * 3 / 4 - 1)).isFalse();
  }

  @Test
  void thoseWhoCameTogetherGoOneAfterTheOther() {
    // Given
    var rotation = new Rotation(400);
    var keys = new SplittableRandom(1);

    // When
    int[] going = new int[10];
    for (int session = 0; session < 100_000; session++) {
      long key = keys.nextLong();
      int age = 301;
      while (!rotation.isOver(key, age)) {
        age++;
      }
      going[(age - 301) / 10]++;
    }

    // Then
    assertThat(Arrays.stream(going)).allMatch(tenth -> tenth >= 9_500 && tenth <= 10_500);
  }

  @Test
  void withoutAnAgeNobodyGoes() {
    assertThat(new Rotation(0).isOn()).isFalse();
  }
}
