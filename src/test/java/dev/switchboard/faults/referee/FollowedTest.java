package dev.switchboard.faults.referee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.faults.referee.Fact.LogRead.Kept;
import dev.switchboard.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// A log that somebody follows while it is trimmed: four keys, of which the last is left.
class FollowedTest {
  private static final String CHANNEL = "kept:a";
  private static final int KEYS = 4;

  private final List<Fact> facts = new ArrayList<>();

  FollowedTest() {
    LongStream.rangeClosed(1, KEYS)
        .forEach(
            offset -> {
              attempt(offset);
              facts.add(new Fact.Stored(1, "key-" + offset, 1, CHANNEL, at("one", offset)));
            });
  }

  private void attempt(long number) {
    facts.add(new Fact.Attempt(1, "p", "key-" + number, 1, CHANNEL, "hash-" + number));
  }

  private static Position at(String epoch, long offset) {
    return new Position(epoch, offset);
  }

  private static Kept kept(long offset) {
    return new Kept(offset, "hash-" + offset);
  }

  private void follow(long since, Kept... kept) {
    facts.add(new Fact.Followed(1, "node-1", CHANNEL, at("one", KEYS), since, List.of(kept)));
  }

  private Verdict rest(Position top, boolean newEpochs, Kept... left) {
    facts.add(new Fact.LogRead(1, "node-1", CHANNEL, top, List.of(left)));
    facts.add(new Fact.Rest(1, "test", newEpochs));
    var referee = new Referee();
    facts.stream().map(FactCodec::encode).map(FactCodec::decode).forEach(referee::hear);
    return referee.verdict();
  }

  private Verdict rest() {
    return rest(at("one", KEYS), false, kept(KEYS));
  }

  private static List<String> failures(Verdict verdict) {
    return verdict.failures(List.of());
  }

  @Test
  void whatWasFollowedIsProven() {
    // Given
    follow(0, kept(1), kept(2));
    follow(2, kept(3), kept(4));

    // When
    var verdict = rest();

    // Then
    assertThat(failures(verdict)).isEmpty();
    assertThat(verdict.total(Total.FOLLOWED)).isEqualTo(3);
    assertThat(verdict.total(Total.TRIMMED)).isZero();
  }

  @Test
  void whatNobodyReadIsNotProven() {
    // Given
    follow(0, kept(2), kept(3));

    // When
    var verdict = rest();

    // Then
    assertThat(failures(verdict)).isEmpty();
    assertThat(verdict.total(Total.TRIMMED)).isEqualTo(1);
  }

  @Test
  void aHoleInAPageIsFound() {
    // Given
    follow(0, kept(1), kept(3));

    // Then
    assertThat(rest().score(Rule.HOLE).breaches()).isEqualTo(1);
  }

  @Test
  void aPageThatBeginsTooEarlyIsFound() {
    // Given
    follow(2, kept(2), kept(3));

    // Then
    assertThat(rest().score(Rule.HOLE).breaches()).isEqualTo(1);
  }

  @Test
  void aKeyTwiceIsFoundAlthoughItWasTrimmed() {
    // Given
    follow(0, kept(1), new Kept(2, "hash-1"));

    // Then
    assertThat(rest().score(Rule.KEY).breaches()).isPositive();
  }

  @Test
  void whatWasAcknowledgedElsewhereIsFound() {
    // Given
    follow(0, kept(1), kept(2), new Kept(3, "hash-9"));

    // When
    var verdict = rest();

    // Then
    assertThat(verdict.score(Rule.PAYLOAD).breaches()).isEqualTo(1);
    assertThat(verdict.score(Rule.PHANTOM).breaches()).isZero();
  }

  @Test
  void whoGaveUpMayHaveBeenHeard() {
    // Given
    attempt(5);
    attempt(6);
    follow(0, kept(1), kept(2), kept(3), kept(4), kept(5));

    // When
    var verdict = rest(at("one", 5), false, kept(4), kept(5));

    // Then
    assertThat(failures(verdict)).isEmpty();
    assertThat(verdict.total(Total.GIVEN_UP)).isEqualTo(2);
    assertThat(verdict.total(Total.GIVEN_UP_KEPT)).isEqualTo(1);
  }

  @Test
  void aKeyOfTwoEpochsIsCounted() {
    // Given
    follow(0, kept(1), kept(2), kept(3), kept(4));

    // When
    var verdict = rest(at("two", 1), true, new Kept(1, "hash-4"));

    // Then
    assertThat(verdict.total(Total.KEPT_AGAIN)).isEqualTo(1);
    assertThat(verdict.total(Total.ENDED)).isEqualTo(KEYS);
    assertThat(verdict.score(Rule.KEY).breaches()).isZero();
  }
}
