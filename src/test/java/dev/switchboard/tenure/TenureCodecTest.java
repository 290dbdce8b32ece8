package dev.switchboard.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What is encoded is decoded, and nothing that is cut short.
class TenureCodecTest {
  private static final Title TITLE = new Title(-1, 2, 3, 4, -5, 6);

  @Test
  void questionsAndWordsComeBack() {
    // Given
    var question =
        new GiveUp(1_023, new Copy(-7, TITLE, 8), 9, new GiveUp.Plea(GiveUp.Plea.Kind.TELL, -3));
    var word = new GaveUp(1, -2, 3, 4, 5, 6, true, false);

    // Then
    assertThat(TenureCodec.giveUp(TenureCodec.encode(question))).contains(question);
    assertThat(TenureCodec.gaveUp(TenureCodec.encode(word))).contains(word);
  }

  @Test
  void whatIsCutShortIsNothing() {
    // Given
    byte[] bytes = TenureCodec.encode(new GiveUp(1, new Copy(2, TITLE, 3), 4, GiveUp.Plea.GIVE));

    // Then
    for (int length = 0; length < bytes.length; length++) {
      assertThat(TenureCodec.giveUp(Arrays.copyOf(bytes, length))).isEmpty();
    }
  }
}
