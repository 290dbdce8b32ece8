package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AcknowledgedVersionTest {
  private final AcknowledgedVersion acknowledged = new AcknowledgedVersion();

  @Test
  void isTheVersionThatTheAcknowledgedSequenceEnds() {
    // Given
    acknowledged.sent(1, 1);
    acknowledged.sent(3, 2);
    acknowledged.sent(5, 4);

    // When
    acknowledged.onAcknowledged(4);

    // Then
    assertThat(acknowledged.version()).isEqualTo(2);
    assertThat(acknowledged.pending()).isOne();
  }

  @Test
  void needsOnlyTheFirstSequenceOfAVersion() {
    // Given
    acknowledged.sent(1, 1);
    acknowledged.sent(2, 1);
    acknowledged.sent(3, 1);

    // When
    acknowledged.onAcknowledged(1);

    // Then
    assertThat(acknowledged.version()).isOne();
    assertThat(acknowledged.pending()).isZero();
  }

  @Test
  void keepsOneVersionForEachSequence() {
    // Given
    acknowledged.sent(1, 1);
    acknowledged.sent(2, 2);
    acknowledged.sent(2, 3);
    acknowledged.sent(2, 4);

    // When
    int pending = acknowledged.pending();
    acknowledged.onAcknowledged(2);

    // Then
    assertThat(pending).isEqualTo(2);
    assertThat(acknowledged.version()).isEqualTo(4);
  }

  @Test
  void isKnownAtOnceWhenNothingHadToBeSent() {
    // Given
    acknowledged.sent(7, 1);
    acknowledged.onAcknowledged(7);

    // When
    acknowledged.sent(7, 2);

    // Then
    assertThat(acknowledged.version()).isEqualTo(2);
    assertThat(acknowledged.pending()).isZero();
  }

  @Test
  void doesNotFallWithALateAcknowledgement() {
    // Given
    acknowledged.sent(1, 1);
    acknowledged.sent(2, 2);
    acknowledged.onAcknowledged(2);

    // When
    acknowledged.onAcknowledged(1);
    acknowledged.sent(2, 3);

    // Then
    assertThat(acknowledged.version()).isEqualTo(3);
  }

  @Test
  void startsOverWithTheLink() {
    // Given
    acknowledged.sent(9, 9);
    acknowledged.onAcknowledged(9);
    acknowledged.sent(10, 10);

    // When
    acknowledged.reset();
    var fallen = acknowledged.version();
    acknowledged.sent(1, 10);

    // Then
    assertThat(fallen).isZero();
    assertThat(acknowledged.version()).isZero();
    assertThat(acknowledged.pending()).isOne();
  }

  @Test
  void refusesToFallWithoutAReset() {
    // Given
    acknowledged.sent(5, 5);

    // When
    assertThatThrownBy(() -> acknowledged.sent(4, 5)).hasMessageContaining("reset");

    // Then
    assertThatThrownBy(() -> acknowledged.sent(5, 4)).hasMessageContaining("reset");
  }
}
