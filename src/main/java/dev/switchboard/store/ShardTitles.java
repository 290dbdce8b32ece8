package dev.switchboard.store;

import dev.switchboard.metrics.StreamMeters;
import dev.switchboard.quorum.Standing;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardDelta;
import dev.switchboard.tenure.Copy;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import dev.switchboard.tenure.Mark;
import dev.switchboard.tenure.Tenure;
import dev.switchboard.tenure.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/// What this node remembers of the shards it held, and what others said about them: all that
/// [Tenure] needs to know.
///
/// What is remembered of a shard is touched by the thread that has the shard only; what others said
/// comes from any thread.
final class ShardTitles {
  // Each is a life of the shard that ended in doubt; Hazelcast brings back none of long ago.
  private static final int GENERATIONS_KEPT = 16;

  private final HolderQuestions questions;
  private final StreamMeters meters;
  private final List<Map<Long, Mark>> marks;
  private final AtomicReferenceArray<List<GaveUp>> words = new AtomicReferenceArray<>(Shard.COUNT);
  private final Set<Asked> asked = ConcurrentHashMap.newKeySet();
  private volatile Seen seen = new Seen(Standing.NONE, new Tenure(0, Optional.empty()));

  /// Whom the partition table names.
  ///
  /// @param self incarnation of this node
  /// @param backup incarnation of the node that is to have the copy; 0 when nobody needs one
  record Holders(long self, long backup) {}

  private record Asked(long holder, GiveUp question) {}

  private record Seen(Standing standing, Tenure tenure) {}

  ShardTitles(HolderQuestions questions, StreamMeters meters) {
    this.questions = questions;
    this.meters = meters;
    this.marks =
        IntStream.range(0, Shard.COUNT).<Map<Long, Mark>>mapToObj(_ -> new Marks()).toList();
  }

  /// The latest lives of one shard.
  private static final class Marks extends LinkedHashMap<Long, Mark> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Mark> eldest) {
      return size() > GENERATIONS_KEPT;
    }
  }

  private Tenure tenure(Standing standing) {
    Seen last = seen;
    if (last.standing() != standing) {
      last = new Seen(standing, new Tenure(standing.voter(), standing.roster()));
      seen = last;
    }
    return last.tenure();
  }

  private Mark mark(int number, long generation) {
    return marks.get(number).getOrDefault(generation, Mark.NONE);
  }

  /// What the owner may do with a shard; when somebody has to give it up first, that one is asked.
  ///
  /// @param shard null when there is none yet
  Verdict verdict(int number, Shard shard, Holders holders, Standing standing) {
    Optional<Long> backup =
        holders.backup() == 0 ? Optional.of(0L) : standing.voter(holders.backup());
    if (backup.isEmpty() || standing.voter(holders.self()).isEmpty()) {
      return new Verdict.Refuse();
    }
    Optional<Copy> copy = Optional.ofNullable(shard).map(Shard::copy);
    Mark mark = copy.map(one -> mark(number, one.generation())).orElse(Mark.NONE);
    List<GaveUp> said = words.get(number);
    Tenure tenure = tenure(standing);
    Verdict verdict = tenure.verdict(copy, mark, backup.get(), said == null ? List.of() : said);
    switch (verdict) {
      case Verdict.Ask(long holder, var plea) ->
          standing
              .roster()
              .flatMap(roster -> roster.seatOf(holder))
              .ifPresent(
                  seat ->
                      ask(
                          seat.incarnation(),
                          new GiveUp(number, copy.orElseThrow(), tenure.self(), plea)));
      case Verdict.Retitle _, Verdict.Renew _ -> words.set(number, null);
      case Verdict.GoOn(), Verdict.Refuse() -> {}
    }
    return verdict;
  }

  /// Asks the backup for whom it gave up a shard, as it does not confirm what this node sends.
  void suspect(int number, Shard shard, Holders holders, Standing standing) {
    standing
        .voter(holders.backup())
        .ifPresent(
            _ ->
                ask(
                    holders.backup(),
                    new GiveUp(number, shard.copy(), standing.voter(), GiveUp.Plea.TELL)));
  }

  private void ask(long holder, GiveUp question) {
    var pending = new Asked(holder, question);
    if (asked.add(pending)) {
      meters.onTitle(StreamMeters.Title.ASKED);
      questions
          .ask(holder, question)
          .onComplete(
              word -> {
                if (word.succeeded()) {
                  hear(question.shard(), word.result());
                }
                asked.remove(pending);
              });
    }
  }

  /// The latest word of each holder about each life of the shard counts.
  private void hear(int number, GaveUp word) {
    words.updateAndGet(
        number,
        before -> {
          List<GaveUp> after = new ArrayList<>(before == null ? List.of() : before);
          after.removeIf(
              old -> old.holder() == word.holder() && old.generation() == word.generation());
          after.add(word);
          return List.copyOf(after);
        });
  }

  /// Whether a shard may be read from.
  boolean serves(int number, Shard shard, Standing standing) {
    Copy copy = shard.copy();
    return tenure(standing).serves(copy, mark(number, copy.generation()));
  }

  /// Remembers that this node holds a shard, or confirmed its copy.
  void hold(int number, Shard shard) {
    Copy copy = shard.copy();
    marks
        .get(number)
        .compute(copy.generation(), (_, mark) -> (mark == null ? Mark.NONE : mark).seen(copy));
  }

  /// Whether this node, as backup, may take what an owner sends.
  ///
  /// @param shard null when there is none yet
  boolean accepts(int number, ShardDelta delta, Shard shard, Standing standing) {
    Copy batch = delta.copy();
    return tenure(standing)
        .accepts(
            batch,
            delta.base().sequence(),
            Optional.ofNullable(shard).map(Shard::copy),
            mark(number, batch.generation()));
  }

  /// Gives a shard up for another node, and remembers it first.
  ///
  /// @param shard null when there is none
  GaveUp giveUp(GiveUp question, Shard shard, Standing standing) {
    Copy copy = question.copy();
    Tenure.Farewell farewell =
        tenure(standing)
            .giveUp(
                question,
                Optional.ofNullable(shard).map(Shard::copy),
                mark(question.shard(), copy.generation()));
    marks.get(question.shard()).put(copy.generation(), farewell.mark());
    meters.onTitle(StreamMeters.Title.GIVEN_UP);
    return farewell.word();
  }
}
