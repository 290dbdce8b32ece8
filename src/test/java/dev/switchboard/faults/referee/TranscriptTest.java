package dev.switchboard.faults.referee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptTest {
  @TempDir private Path folder;

  @Test
  void whatWasWrittenIsJudgedAgain() throws IOException {
    // Given
    List<Fact> facts = new History(new Random(1)).live(60, 2);
    var referee = new Referee();
    try (var transcript = Transcript.create(folder)) {
      for (Fact fact : facts) {
        referee.hear(fact);
        transcript.write(fact);
      }
    }
    Path file = folder.resolve(Transcript.FILE);
    Files.writeString(file, "{\"fact\":\"rece", StandardOpenOption.APPEND);

    // When
    var again = Transcript.judge(file);

    // Then
    assertThat(Transcript.below(folder)).containsExactly(file);
    assertThat(again).isEqualTo(referee.verdict());
    assertThat(again.failures()).isEmpty();
  }

  @Test
  void everyKindOfFactSurvives() {
    // Given
    var facts = new History(new Random(2)).live(80, 2);
    facts.add(new Fact.Refused(7, "k", 3, "kept:a", 111));

    // When
    var again = facts.stream().map(FactCodec::encode).map(FactCodec::decode).toList();

    // Then
    assertThat(again).isEqualTo(facts);
    assertThat(facts.stream().map(Object::getClass).distinct()).hasSize(9);
  }
}
