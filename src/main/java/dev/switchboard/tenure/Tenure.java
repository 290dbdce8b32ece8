package dev.switchboard.tenure;

import dev.switchboard.quorum.Roster;
import dev.switchboard.tenure.GiveUp.Plea;
import dev.switchboard.tenure.Verdict.Doubt;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// What one node may do with copies of shards, by the newest roster it knows. Immutable.
///
/// A copy goes on only when nobody else can: both who held it gave up for one successor, or the one
/// that is gone is off the roster. What was given up for somebody who did not go on can be given
/// anew once that one renounced. Nothing here trusts a clock, a member list or a partition table:
/// whatever Hazelcast moves or promotes, a copy that is in doubt gets new epochs.
///
/// Nodes are told apart by their voters, which outlive a merge as what they remember does.
///
/// @param self voter of this node
/// @param roster none while this node is new
public record Tenure(long self, Optional<Roster> roster) {
  /// What an owner may do. Asking for a quorum comes before this.
  ///
  /// @param copy what this node has of the shard; none when there is none
  /// @param mark what it remembers of the copy's generation
  /// @param backup whom the partition table names as backup; 0 for nobody
  /// @param words what was said by those who were asked to give up
  public Verdict verdict(Optional<Copy> copy, Mark mark, long backup, Collection<GaveUp> words) {
    if (roster.isEmpty() || !isSeated(self) || !mayBackUp(backup)) {
      return new Verdict.Refuse();
    }
    Roster now = roster.get();
    var fresh = new Title(now.lineage(), now.version(), 1, 0, self, backup);
    if (copy.isEmpty()) {
      return new Verdict.Renew(fresh, Doubt.NO_COPY);
    }
    if (copy.get().title().lineage() != now.lineage()) {
      return new Verdict.Renew(fresh, Doubt.OTHER_LINEAGE);
    }
    Title title = copy.get().title();
    if (title.version() > now.version()) {
      return new Verdict.Refuse();
    }
    if (mark.isPast(copy.get())) {
      return new Verdict.Renew(fresh, Doubt.OUTDATED);
    }
    boolean given = mark.heir(title.term()) != 0;
    boolean holds = !given && title.owner() == self && title.backup() == backup;
    if (holds && keeps(self, title) && !isGivenUp(copy.get(), backup, words)) {
      return new Verdict.GoOn();
    }
    return switch (claim(copy.get(), mark, words)) {
      case Verdict.GoOn() ->
          new Verdict.Retitle(
              new Title(
                  now.lineage(),
                  now.version(),
                  title.term() + 1,
                  copy.get().sequence(),
                  self,
                  backup));
      case Verdict.Renew(Title _, Doubt doubt) -> new Verdict.Renew(fresh, doubt);
      case Verdict.Ask ask -> ask;
      case Verdict.Retitle retitle -> retitle;
      case Verdict.Refuse refuse -> refuse;
    };
  }

  /// Whether the backup said that it gave this very title up, for whomever: it confirms nothing of
  /// it any more, though it may be the backup again.
  private static boolean isGivenUp(Copy copy, long backup, Collection<GaveUp> words) {
    return word(copy, backup, words).filter(word -> word.successor() != 0).isPresent();
  }

  private boolean mayBackUp(long backup) {
    return backup == 0
        ? roster.map(Roster::seats).map(List::size).orElse(0) == 1
        : backup != self && isSeated(backup);
  }

  private boolean isSeated(long voter) {
    return roster.filter(now -> now.names(voter)).isPresent();
  }

  private boolean keeps(long voter, Title title) {
    return roster.filter(now -> now.keeps(voter, title.version())).isPresent();
  }

  private static Verdict renewal(Copy copy, Doubt doubt) {
    return new Verdict.Renew(copy.title(), doubt);
  }

  /// Whether this node alone may go on: all holders that are not gone have to give up for it, and
  /// if it is none of them one has to vouch for the rest.
  private Verdict claim(Copy copy, Mark mark, Collection<GaveUp> words) {
    Title title = copy.title();
    List<Long> holders =
        LongStream.of(title.owner(), title.backup()).filter(holder -> holder != 0).boxed().toList();
    List<Long> kept = holders.stream().filter(holder -> keeps(holder, title)).toList();
    if (kept.isEmpty() && !holders.stream().allMatch(this::isSeated)) {
      return renewal(copy, Doubt.OFF_ROSTER);
    }
    // Who held it and was off the roster since has no more to say than a stranger. But when all
    // who held it were, and are back, what they remember is all there is to know.
    boolean holds = kept.contains(self);
    List<Long> asked = kept.isEmpty() ? holders : kept;
    boolean vouched = holds || asked.size() == holders.size();
    for (long holder : asked) {
      Verdict given = holder == self ? own(copy, mark, words) : given(copy, holder, words);
      if (!(given instanceof Verdict.GoOn)) {
        return given;
      }
      vouched |= !holds && word(copy, holder, words).filter(GaveUp::alone).isPresent();
    }
    return vouched ? new Verdict.GoOn() : new Verdict.Ask(asked.getFirst(), Plea.GIVE);
  }

  /// What this node has as a holder, unless it gave that away.
  private Verdict own(Copy copy, Mark mark, Collection<GaveUp> words) {
    long heir = mark.heir(copy.title().term());
    return heir == 0 || heir == self ? new Verdict.GoOn() : freed(copy, heir, words);
  }

  /// What another holder has, if it gave that up for this node.
  private Verdict given(Copy copy, long holder, Collection<GaveUp> words) {
    Optional<GaveUp> word = word(copy, holder, words);
    if (word.isPresent() && isHistory(copy, word.get())) {
      return renewal(copy, Doubt.HISTORY);
    }
    if (word.isEmpty() || word.get().successor() == 0) {
      return new Verdict.Ask(holder, Plea.GIVE);
    }
    long heir = word.get().successor();
    if (heir == self) {
      return !copy.title().names(self) && word.get().sequence() > copy.sequence()
          ? renewal(copy, Doubt.SHORTER)
          : new Verdict.GoOn();
    }
    Verdict freed = freed(copy, heir, words);
    return freed instanceof Verdict.GoOn ? new Verdict.Ask(holder, Plea.giveAgain(heir)) : freed;
  }

  /// Whether the one for whom a holder gave up will never use that: it never went on, and
  /// renounced.
  ///
  /// So a partition may move twice before its first batch, or back to where it was. An heir that is
  /// off the roster cannot be asked; it may have gone on.
  private Verdict freed(Copy copy, long heir, Collection<GaveUp> words) {
    Optional<GaveUp> word = word(copy, heir, words);
    if (word.isPresent() && isHistory(copy, word.get())) {
      return renewal(copy, Doubt.HISTORY);
    }
    if (word.isPresent() && word.get().renounced()) {
      return new Verdict.GoOn();
    }
    return isSeated(heir) ? new Verdict.Ask(heir, Plea.RENOUNCE) : renewal(copy, Doubt.GIVEN_AWAY);
  }

  // The latest word counts. One that came late may call this very term the newest there is, as its
  // question was about the one before: it says nothing about this one.
  private static Optional<GaveUp> word(Copy copy, long holder, Collection<GaveUp> words) {
    return words.stream()
        .filter(word -> word.holder() == holder && word.generation() == copy.generation())
        .filter(word -> word.term() == copy.title().term() || isHistory(copy, word))
        .reduce((_, latest) -> latest);
  }

  /// Whether who says a word knows of a later term than the copy's.
  private static boolean isHistory(Copy copy, GaveUp word) {
    return word.newest() > copy.title().term();
  }

  /// What a holder says that is asked to give up, and what it has to remember before it says so.
  public record Farewell(Mark mark, GaveUp word) {}

  /// Gives up a term, unless it is history already: as a holder for one successor, or as a
  /// successor for good. Or only says what it gave up before.
  ///
  /// @param question who asks, and for what
  /// @param own the copy of this node; none when there is none
  /// @param mark what this node remembers of the generation that was asked for
  public Farewell giveUp(GiveUp question, Optional<Copy> own, Mark mark) {
    Title title = question.copy().title();
    long generation = question.copy().generation();
    long term = title.term();
    Mark known = own.filter(copy -> copy.generation() == generation).map(mark::seen).orElse(mark);
    if (known.term() > term || known.gaveUp() > term) {
      long newest = Math.max(known.term(), known.gaveUp());
      return new Farewell(known, new GaveUp(self, generation, 0, 0, 0, newest, false, false));
    }
    Mark after =
        switch (question.plea().kind()) {
          case GIVE -> given(question, known, term);
          case RENOUNCE -> known.renounce(term);
          case TELL -> known;
        };
    long sequence = after.term() == term ? after.sequence() : 0;
    return new Farewell(
        after,
        new GaveUp(
            self,
            generation,
            after.heir(term),
            term,
            sequence,
            after.term(),
            isAlone(title),
            after.renounced() >= term));
  }

  private static Mark given(GiveUp question, Mark known, long term) {
    long heir = known.heir(term);
    return heir == 0 || heir == question.plea().freed()
        ? known.giveUp(term, question.successor())
        : known;
  }

  private boolean isAlone(Title title) {
    return title.names(self) && keeps(self, title) && !keeps(title.other(self), title);
  }

  /// Whether a copy may be read from: its acknowledged part is a beginning of the line, and nobody
  /// here knows of a longer one. It can be behind while this node is cut off.
  public boolean serves(Copy copy, Mark mark) {
    Title title = copy.title();
    return roster.filter(now -> now.lineage() == title.lineage()).isPresent()
        && title.names(self)
        && keeps(self, title)
        && !mark.outdates(copy);
  }

  /// Whether a backup may take a batch from an owner: it is the one named, and what it has is a
  /// beginning of what the owner has. A batch that builds on nothing replaces whatever else is
  /// there, as a whole copy of the owner would.
  ///
  /// @param batch what the owner has with the batch
  /// @param base sequence that what was sent builds on
  /// @param own what this node has; none when there is none
  /// @param mark what it remembers of the batch's generation
  public boolean accepts(Copy batch, long base, Optional<Copy> own, Mark mark) {
    Title title = batch.title();
    return title.backup() == self
        && isSeated(self)
        && roster.filter(now -> now.lineage() == title.lineage()).isPresent()
        && !mark.outdates(batch)
        && own.filter(copy -> copy.generation() == batch.generation())
            .map(copy -> isBeginning(copy, batch, base))
            .orElse(base == 0);
  }

  private static boolean isBeginning(Copy own, Copy batch, long base) {
    if (own.sequence() < base) {
      return false;
    }
    long term = batch.title().term();
    return own.title().term() == term
        ? own.title().equals(batch.title())
        : own.title().term() == term - 1 && own.sequence() <= batch.title().start();
  }
}
