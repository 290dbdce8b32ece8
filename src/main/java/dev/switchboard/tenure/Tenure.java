package dev.switchboard.tenure;

import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.Seat;
import dev.switchboard.tenure.Verdict.Doubt;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/// What one node may do with copies of shards, by the newest roster it knows. Immutable.
///
/// A copy goes on only when nobody else can: both who held it agree, each to one successor, or the
/// one that is gone is off the roster. Nothing here trusts a clock, a member list or a partition
/// table: whatever Hazelcast moves or promotes, a copy that is in doubt gets new epochs.
///
/// @param self incarnation of this node
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
    if (mark.outdates(copy.get())) {
      return new Verdict.Renew(fresh, Doubt.OUTDATED);
    }
    if (title.owner() == self && title.backup() == backup && keeps(self, title)) {
      return new Verdict.GoOn();
    }
    Verdict hands = title.names(self) ? remain(copy.get(), words) : takeOver(copy.get(), words);
    return switch (hands) {
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
      case Verdict.Ask _, Verdict.Retitle _, Verdict.Refuse _ -> hands;
    };
  }

  private boolean mayBackUp(long backup) {
    return backup == 0
        ? roster.map(Roster::seats).map(List::size).orElse(0) == 1
        : backup != self && isSeated(backup);
  }

  private boolean isSeated(long incarnation) {
    return roster.flatMap(now -> now.seat(incarnation)).map(Seat::incarnation).isPresent();
  }

  private boolean keeps(long incarnation, Title title) {
    return roster.filter(now -> now.keeps(incarnation, title.version())).isPresent();
  }

  private static Verdict renewal(Copy copy, Doubt doubt) {
    return new Verdict.Renew(copy.title(), doubt);
  }

  /// One of the two holders: the other one has to give up, or to be off the roster.
  private Verdict remain(Copy copy, Collection<GaveUp> words) {
    Title title = copy.title();
    if (!keeps(self, title)) {
      return renewal(copy, Doubt.OFF_ROSTER);
    }
    long other = title.other(self);
    if (other == 0 || !keeps(other, title)) {
      return new Verdict.GoOn();
    }
    return heir(copy, other, words);
  }

  /// Neither of the two: all that are not gone have to give up, and one has to vouch for the rest.
  private Verdict takeOver(Copy copy, Collection<GaveUp> words) {
    Title title = copy.title();
    List<Long> holders =
        LongStream.of(title.owner(), title.backup()).filter(holder -> holder != 0).boxed().toList();
    List<Long> kept = holders.stream().filter(holder -> keeps(holder, title)).toList();
    boolean vouched = kept.size() == holders.size();
    for (long holder : kept) {
      Verdict heir = heir(copy, holder, words);
      if (!(heir instanceof Verdict.GoOn)) {
        return heir;
      }
      GaveUp word = word(copy, holder, words).orElseThrow();
      if (word.sequence() > copy.sequence()) {
        return renewal(copy, Doubt.SHORTER);
      }
      vouched |= word.alone();
    }
    if (kept.isEmpty()) {
      return renewal(copy, Doubt.OFF_ROSTER);
    }
    return vouched ? new Verdict.GoOn() : new Verdict.Ask(kept.getFirst());
  }

  /// Whether this node is the one for whom a holder gave up: GO_ON, or whom to ask, or renew.
  ///
  /// A partition may move twice before its first batch. Then the holder gave up for the first new
  /// owner, who never went on and gives up in its turn: what it was given is passed on with that. A
  /// successor that may have gone on, as it is off the roster and cannot be asked, ends the line.
  private Verdict heir(Copy copy, long holder, Collection<GaveUp> words) {
    Set<Long> line = new HashSet<>();
    for (long next = holder; line.add(next); ) {
      Optional<GaveUp> word = word(copy, next, words);
      if (word.isEmpty()) {
        return isSeated(next) ? new Verdict.Ask(next) : renewal(copy, Doubt.GIVEN_AWAY);
      }
      if (!isOf(copy, word.get())) {
        return renewal(copy, Doubt.HISTORY);
      }
      if (word.get().successor() == self) {
        return new Verdict.GoOn();
      }
      next = word.get().successor();
    }
    return renewal(copy, Doubt.GIVEN_AWAY);
  }

  // The latest word counts: only what it says of the other holder can have changed.
  private static Optional<GaveUp> word(Copy copy, long holder, Collection<GaveUp> words) {
    return words.stream()
        .filter(word -> word.holder() == holder && word.generation() == copy.generation())
        .filter(word -> Math.max(word.term(), word.newest()) >= copy.title().term())
        .reduce((_, latest) -> latest);
  }

  /// Whether a word is about the copy's term and that term is not history.
  private static boolean isOf(Copy copy, GaveUp word) {
    long term = copy.title().term();
    return word.term() == term && word.newest() <= term;
  }

  /// What a holder says that is asked to give up, and what it has to remember before it says so.
  public record Farewell(Mark mark, GaveUp word) {}

  /// Gives up a term for one successor and for ever, unless it is history already.
  ///
  /// @param asked what the successor has
  /// @param own the copy of this node; none when there is none
  /// @param mark what this node remembers of the generation that was asked for
  public Farewell giveUp(Copy asked, long successor, Optional<Copy> own, Mark mark) {
    long generation = asked.generation();
    long term = asked.title().term();
    Mark known = own.filter(copy -> copy.generation() == generation).map(mark::seen).orElse(mark);
    if (known.term() > term || known.gaveUp() > term) {
      long newest = Math.max(known.term(), known.gaveUp());
      return new Farewell(known, new GaveUp(self, generation, 0, 0, 0, newest, false));
    }
    Mark after = known.gaveUp() == term ? known : known.giveUp(term, successor);
    long sequence = after.term() == term ? after.sequence() : 0;
    return new Farewell(
        after,
        new GaveUp(
            self,
            generation,
            after.successor(),
            term,
            sequence,
            after.term(),
            isAlone(asked.title())));
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
