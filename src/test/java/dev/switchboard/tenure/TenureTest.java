package dev.switchboard.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.Seat;
import dev.switchboard.tenure.GiveUp.Plea;
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

  private static GaveUp answer(long node, long asker, Plea plea, Mark mark) {
    var question = new GiveUp(0, COPY, asker, plea);
    return of(node, 1, 2, 3, 4).giveUp(question, Optional.of(COPY), mark).word();
  }

  private static GaveUp gives(long holder, long successor) {
    return answer(holder, successor, Plea.GIVE, Mark.NONE);
  }

  private static GaveUp renounces(long node, long asker) {
    return answer(node, asker, Plea.RENOUNCE, Mark.NONE);
  }

  private static Verdict verdict(Tenure owner, long backup, GaveUp... words) {
    return owner.verdict(Optional.of(COPY), Mark.NONE, backup, List.of(words));
  }

  @Test
  void aNewOwnerGoesOnOnceBothHoldersGaveUpForIt() {
    // When
    Verdict first = verdict(of(3, 1, 2, 3), 1);
    Verdict second = verdict(of(3, 1, 2, 3), 1, gives(1, 3));
    Verdict third = verdict(of(3, 1, 2, 3), 1, gives(1, 3), gives(2, 3));

    // Then
    assertThat(first).isEqualTo(new Verdict.Ask(1, Plea.GIVE));
    assertThat(second).isEqualTo(new Verdict.Ask(2, Plea.GIVE));
    assertThat(third).isEqualTo(new Verdict.Retitle(new Title(LINEAGE, 1, 2, 5, 3, 1)));
  }

  @Test
  void whatWasGivenToSomebodyElseIsGivenAnewOnceThatOneRenounced() {
    // Given
    Tenure owner = of(3, 1, 2, 3, 4);
    GaveUp again = answer(2, 3, Plea.giveAgain(4), Mark.NONE.giveUp(1, 4));

    // When
    Verdict first = verdict(owner, 1, gives(1, 3), gives(2, 4));
    Verdict second = verdict(owner, 1, gives(1, 3), gives(2, 4), renounces(4, 3));
    Verdict third = verdict(owner, 1, gives(1, 3), again, renounces(4, 3));

    // Then
    assertThat(first).isEqualTo(new Verdict.Ask(4, Plea.RENOUNCE));
    assertThat(second).isEqualTo(new Verdict.Ask(2, Plea.giveAgain(4)));
    assertThat(third).isInstanceOf(Verdict.Retitle.class);
  }

  /// Who gave a title up refuses what comes under it, for good: without a new title nothing would
  /// ever be confirmed again.
  @Test
  void anOwnerWhoseBackupGaveItsTitleUpTakesANewOne() {
    // Given
    Tenure owner = of(1, 1, 2, 3);
    Mark gave = Mark.NONE.giveUp(1, 1);

    // When
    GaveUp nothing = answer(2, 1, Plea.TELL, Mark.NONE);
    GaveUp told = answer(2, 1, Plea.TELL, gave);
    GaveUp toOther = answer(2, 1, Plea.TELL, Mark.NONE.giveUp(1, 3));

    // Then
    assertThat(of(2, 1, 2, 3).accepts(COPY, 0, Optional.of(COPY), gave)).isFalse();
    assertThat(verdict(owner, 2)).isEqualTo(new Verdict.GoOn());
    assertThat(verdict(owner, 2, nothing)).isEqualTo(new Verdict.GoOn());
    assertThat(verdict(owner, 2, told))
        .isEqualTo(new Verdict.Retitle(new Title(LINEAGE, 1, 2, 5, 1, 2)));
    assertThat(verdict(owner, 2, toOther)).isEqualTo(new Verdict.Ask(3, Plea.RENOUNCE));
  }

  @Test
  void whoOnlyTellsGivesNothingUp() {
    // Given
    var question = new GiveUp(0, COPY, 3, Plea.TELL);

    // When
    Tenure.Farewell farewell = of(2, 1, 2, 3).giveUp(question, Optional.of(COPY), Mark.NONE);

    // Then
    assertThat(farewell.mark().gaveUp()).isZero();
    assertThat(farewell.word().successor()).isZero();
  }

  @Test
  void aHolderThatWasOffTheRosterNeedsTheWordOfTheOther() {
    // Given
    var seats = List.of(new Seat(1, 1, 3, true), new Seat(2, 2, 1, true));
    Optional<Roster> roster = Optional.of(new Roster(LINEAGE, 3, seats));
    var returned = new Tenure(1, roster);
    var kept = new Tenure(2, roster);
    var question = new GiveUp(0, COPY, 1, Plea.GIVE);
    GaveUp word = kept.giveUp(question, Optional.of(COPY), Mark.NONE).word();

    // When
    Verdict asks = verdict(returned, 2);
    Verdict takes = verdict(returned, 2, word);

    // Then
    assertThat(asks).isEqualTo(new Verdict.Ask(2, Plea.GIVE));
    assertThat(takes).isEqualTo(new Verdict.Retitle(new Title(LINEAGE, 3, 2, 5, 1, 2)));
  }

  @Test
  void holdersThatWereAllOffTheRosterGoOnOnlyTogether() {
    // Given
    var first = new Seat(1, 1, 3, true);
    var third = new Seat(3, 3, 1, true);
    var one = new Tenure(1, Optional.of(new Roster(LINEAGE, 3, List.of(first, third))));
    var second = new Seat(2, 2, 4, true);
    Optional<Roster> all = Optional.of(new Roster(LINEAGE, 4, List.of(first, third, second)));
    var question = new GiveUp(0, COPY, 1, Plea.GIVE);
    GaveUp word = new Tenure(2, all).giveUp(question, Optional.of(COPY), Mark.NONE).word();

    // When
    Verdict alone = verdict(one, 3);
    Verdict asks = verdict(new Tenure(1, all), 3);
    Verdict takes = verdict(new Tenure(1, all), 3, word);

    // Then
    assertThat(alone)
        .isInstanceOfSatisfying(
            Verdict.Renew.class, renew -> assertThat(renew.doubt()).isEqualTo(Doubt.OFF_ROSTER));
    assertThat(asks).isEqualTo(new Verdict.Ask(2, Plea.GIVE));
    assertThat(takes).isEqualTo(new Verdict.Retitle(new Title(LINEAGE, 4, 2, 5, 1, 3)));
  }

  @Test
  void ofTwoCopiesTheLaterTermIsNewerAndThenTheLongerOne() {
    // Given
    var later = new Copy(1, new Title(LINEAGE, 1, 2, 3, 2, 3), 3);
    var longer = new Copy(1, COPY.title(), 6);
    var anew = new Copy(2, new Title(LINEAGE, 2, 1, 0, 1, 2), 0);
    var elsewhere = new Copy(3, new Title(LINEAGE + 1, 9, 9, 0, 1, 2), 9);

    // Then
    assertThat(later.isNewer(COPY)).isTrue();
    assertThat(COPY.isNewer(later)).isFalse();
    assertThat(longer.isNewer(COPY)).isTrue();
    assertThat(COPY.isNewer(COPY)).isFalse();
    assertThat(anew.isNewer(later)).isTrue();
    assertThat(later.isNewer(anew)).isFalse();
    assertThat(elsewhere.isNewer(COPY)).isFalse();
    assertThat(COPY.isNewer(elsewhere)).isFalse();
  }

  @Test
  void aHolderGivesNothingAnewBeforeTheOtherRenounced() {
    // When
    GaveUp word = answer(2, 3, Plea.GIVE, Mark.NONE.giveUp(1, 4));

    // Then
    assertThat(word.successor()).isEqualTo(4);
  }

  @Test
  void whoGaveUpGoesOnOnlyWhenItIsFreed() {
    // Given
    var mark = Mark.NONE.seen(COPY).giveUp(1, 3);
    GaveUp again = answer(2, 1, Plea.giveAgain(3), Mark.NONE.giveUp(1, 3));

    // When
    Verdict before = of(1, 1, 2, 3).verdict(Optional.of(COPY), mark, 2, List.of(again));
    Verdict after =
        of(1, 1, 2, 3).verdict(Optional.of(COPY), mark, 2, List.of(again, renounces(3, 1)));
    Verdict never = of(1, 1, 2).verdict(Optional.of(COPY), mark, 2, List.of(again));

    // Then
    assertThat(before).isEqualTo(new Verdict.Ask(3, Plea.RENOUNCE));
    assertThat(after).isEqualTo(new Verdict.Retitle(new Title(LINEAGE, 1, 2, 5, 1, 2)));
    assertThat(never).isEqualTo(renewal(1, 2, Doubt.GIVEN_AWAY));
  }

  @Test
  void whatWasSaidOfTheTermBeforeIsNoWordAboutThisOne() {
    // Given
    var now = new Copy(1, new Title(LINEAGE, 1, 2, 5, 1, 2), 6);
    var question = new GiveUp(0, COPY, 1, Plea.GIVE);
    GaveUp late = of(2, 1, 2, 3).giveUp(question, Optional.of(now), Mark.NONE.seen(now)).word();

    // When
    Verdict verdict =
        of(1, 1, 2, 3).verdict(Optional.of(now), Mark.NONE.seen(now), 3, List.of(late));

    // Then
    assertThat(verdict).isEqualTo(new Verdict.Ask(2, Plea.GIVE));
    assertThat(verdict(of(1, 1, 2, 3), 3, late)).isEqualTo(renewal(1, 3, Doubt.HISTORY));
  }

  @Test
  void whoRenouncedOrGaveUpALaterTermIsOutdated() {
    for (Mark mark : List.of(Mark.NONE.renounce(1), Mark.NONE.giveUp(2, 3))) {
      // When
      Verdict verdict = of(1, 1, 2, 3).verdict(Optional.of(COPY), mark, 3, List.of());

      // Then
      assertThat(verdict).isEqualTo(renewal(1, 3, Doubt.OUTDATED));
    }
  }

  private static Verdict renewal(long owner, long backup, Doubt doubt) {
    return new Verdict.Renew(new Title(LINEAGE, 1, 1, 0, owner, backup), doubt);
  }
}
