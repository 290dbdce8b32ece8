package dev.switchboard.model;

import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.Seat;
import dev.switchboard.tenure.Copy;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import dev.switchboard.tenure.Mark;
import dev.switchboard.tenure.Tenure;
import dev.switchboard.tenure.Tenure.Farewell;
import dev.switchboard.tenure.Title;
import dev.switchboard.tenure.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The rules of [Tenure], or the same with one mistake.
enum Hands {
  /// As they are.
  RIGHT,
  /// Whoever the member list lacks is taken for gone, though no majority said so.
  VIEW_IS_ENOUGH,
  /// A backup that Hazelcast moved away is not asked to give up.
  STALE_BACKUP,
  /// A node that was off the roster for a while goes on from the copy it had before.
  RETURNS_WITH_COPY,
  /// A holder gives up for whoever asks.
  GIVES_UP_TWICE,
  /// A new owner does not compare its copy with that of who gave up.
  NOBODY_VOUCHES,
  /// Hazelcast may replace a copy by an older one unnoticed.
  FORGETS_WHAT_IT_CONFIRMED,
  /// A backup takes batches on top of a tail that its owner never had.
  KEEPS_ITS_TAIL,
  /// A stream that expired begins again in its former epoch.
  EPOCH_REUSED,
  /// A shard in doubt begins again in its former epochs.
  RENEWS_NOTHING;

  Verdict verdict(
      Tenure tenure, Optional<Copy> copy, Mark mark, long backup, Collection<GaveUp> words) {
    return switch (this) {
      case FORGETS_WHAT_IT_CONFIRMED ->
          tenure.verdict(
              copy,
              new Mark(0, 0, mark.gaveUp(), mark.successor(), mark.renounced()),
              backup,
              words);
      case VIEW_IS_ENOUGH, STALE_BACKUP -> hasty(tenure, copy, mark, backup, words);
      case RETURNS_WITH_COPY -> forgetting(tenure).verdict(copy, mark, backup, words);
      case NOBODY_VOUCHES ->
          tenure.verdict(copy, mark, backup, words.stream().map(Hands::blank).toList());
      default -> tenure.verdict(copy, mark, backup, words);
    };
  }

  private static GaveUp blank(GaveUp word) {
    return new GaveUp(
        word.holder(),
        word.generation(),
        word.successor(),
        word.term(),
        0,
        word.newest(),
        word.alone(),
        word.renounced());
  }

  private static Tenure forgetting(Tenure tenure) {
    return new Tenure(
        tenure.self(),
        tenure
            .roster()
            .map(
                roster ->
                    new Roster(
                        roster.lineage(),
                        roster.version(),
                        roster.seats().stream()
                            .map(seat -> new Seat(seat.voter(), seat.incarnation(), 1, true))
                            .toList())));
  }

  private Verdict hasty(
      Tenure tenure, Optional<Copy> copy, Mark mark, long backup, Collection<GaveUp> words) {
    Verdict verdict = tenure.verdict(copy, mark, backup, words);
    boolean mayTake =
        this == VIEW_IS_ENOUGH
            || copy.filter(one -> one.title().owner() == tenure.self()).isPresent();
    if (!(verdict instanceof Verdict.Ask) || !mayTake || copy.isEmpty()) {
      return verdict;
    }
    Title title = copy.get().title();
    return new Verdict.Retitle(
        new Title(
            title.lineage(),
            tenure.roster().orElseThrow().version(),
            title.term() + 1,
            copy.get().sequence(),
            tenure.self(),
            backup));
  }

  Farewell giveUp(Tenure tenure, GiveUp question, Optional<Copy> own, Mark mark) {
    boolean again = this == GIVES_UP_TWICE && mark.gaveUp() == question.copy().title().term();
    Mark known = again ? new Mark(mark.term(), mark.sequence(), 0, 0, mark.renounced()) : mark;
    return tenure.giveUp(question, own, known);
  }

  boolean accepts(Tenure tenure, Copy batch, Optional<Copy> own, Mark mark) {
    if (this == KEEPS_ITS_TAIL) {
      Optional<Copy> trusted =
          own.filter(copy -> copy.generation() == batch.generation())
              .map(copy -> new Copy(copy.generation(), batch.title(), copy.sequence()));
      return tenure.accepts(batch, 0, trusted, mark);
    }
    return tenure.accepts(batch, 0, own, mark);
  }

  /// The epochs of a history, one for each batch in it; a bar is where the stream expired.
  List<String> epochs(long generation, String history) {
    var epochs = new ArrayList<String>();
    int expired = 0;
    for (char batch : history.toCharArray()) {
      expired += batch == '|' && this != EPOCH_REUSED ? 1 : 0;
      epochs.add(generation + "." + expired);
    }
    return epochs;
  }
}
