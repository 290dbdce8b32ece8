package dev.switchboard.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.Seat;
import dev.switchboard.tenure.Verdict.Doubt;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Single decisions; that they fit together is shown by the model.
class TenureTest {
  private static final long LINEAGE = 7;
  private static final Copy COPY = new Copy(1, new Title(LINEAGE, 1, 1, 0, 1, 2), 5);

  private static Tenure of(long self, long... seated) {
    List<Seat> seats =
        LongStream.of(seated).mapToObj(node -> new Seat(node, node, 1, true)).toList();
    return new Tenure(self, Optional.of(new Roster(LINEAGE, 1, seats)));
  }

  private static GaveUp givesUp(long holder, long successor) {
    return of(holder, 1, 2, 3, 4)
        .giveUp(COPY, successor, Optional.of(COPY), Mark.NONE.seen(COPY))
        .word();
  }

  private static Verdict verdict(Tenure owner, long backup, GaveUp... words) {
    return owner.verdict(Optional.of(COPY), Mark.NONE, backup, List.of(words));
  }

  @Test
  void aHolderThatGivesUpInItsTurnPassesOnWhatItWasGiven() {
    // Given
    GaveUp ofTheBackup = givesUp(2, 1);
    GaveUp ofTheOwner = givesUp(1, 3);

    // When
    Verdict first = verdict(of(3, 1, 2, 3), 1);
    Verdict second = verdict(of(3, 1, 2, 3), 1, ofTheOwner);
    Verdict third = verdict(of(3, 1, 2, 3), 1, ofTheOwner, ofTheBackup);

    // Then
    assertThat(first).isEqualTo(new Verdict.Ask(1));
    assertThat(second).isEqualTo(new Verdict.Ask(2));
    assertThat(third).isEqualTo(new Verdict.Retitle(new Title(LINEAGE, 1, 2, 5, 3, 1)));
  }

  @Test
  void whoGaveUpDoesNotGoOnByWhatItWasGivenBefore() {
    // Given
    var mark = Mark.NONE.seen(COPY).giveUp(1, 3);

    // When
    Verdict verdict =
        of(1, 1, 2, 3).verdict(Optional.of(COPY), mark, 3, List.of(givesUp(2, 1)));

    // Then
    assertThat(verdict).isEqualTo(renewal(1, 3, Doubt.OUTDATED));
  }

  @Test
  void whomAHolderGaveUpForIsAskedToo() {
    // When
    Verdict verdict = verdict(of(3, 1, 2, 3, 4), 1, givesUp(1, 3), givesUp(2, 4));
    Verdict after =
        verdict(of(3, 1, 2, 3, 4), 1, givesUp(1, 3), givesUp(2, 4), givesUp(4, 3));

    // Then
    assertThat(verdict).isEqualTo(new Verdict.Ask(4));
    assertThat(after).isInstanceOf(Verdict.Retitle.class);
  }

  @Test
  void whatWasGivenToSomebodyWhoCannotBeAskedIsLost() {
    // When
    Verdict verdict = verdict(of(3, 1, 2, 3), 1, givesUp(1, 3), givesUp(2, 4));

    // Then
    assertThat(verdict).isEqualTo(renewal(3, 1, Doubt.GIVEN_AWAY));
  }

  @Test
  void aCircleOfWordsLeadsNowhere() {
    // When
    Verdict verdict = verdict(of(3, 1, 2, 3), 1, givesUp(1, 2), givesUp(2, 1));

    // Then
    assertThat(verdict).isEqualTo(renewal(3, 1, Doubt.GIVEN_AWAY));
  }

  private static Verdict renewal(long owner, long backup, Doubt doubt) {
    return new Verdict.Renew(new Title(LINEAGE, 1, 1, 0, owner, backup), doubt);
  }
}
