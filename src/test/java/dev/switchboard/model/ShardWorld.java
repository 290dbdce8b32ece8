package dev.switchboard.model;

import dev.switchboard.quorum.Roster;
import dev.switchboard.tenure.Copy;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.Mark;
import dev.switchboard.tenure.Tenure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One shard on a few nodes, at one moment. Immutable.
///
/// @param decided all rosters so far; each node knows them up to one
/// @param network what was sent; it may arrive whenever, and as often as it likes
/// @param safe what both holders of a generation were seen to have
/// @param left how much may happen yet
/// @param wrong what was found on the way here; empty while all is well
record ShardWorld(
    List<Roster> decided,
    List<Node> nodes,
    Set<Sent> network,
    Map<Long, Safe> safe,
    Budget left,
    String wrong) {

  /// A copy: its history has a letter for each batch.
  record Shard(Copy copy, String history) {}

  /// @param knows how many rosters it knows
  record Node(
      long voter, int knows, Optional<Shard> shard, Map<Long, Mark> marks, List<GaveUp> words) {
    Optional<Copy> copy() {
      return shard.map(Shard::copy);
    }

    Mark mark(long generation) {
      return marks.getOrDefault(generation, Mark.NONE);
    }

    Node withShard(Shard next) {
      Mark seen = mark(next.copy().generation()).seen(next.copy());
      return new Node(
          voter, knows, Optional.of(next), marked(next.copy().generation(), seen), words);
    }

    /// Hazelcast replaced the copy; nobody was asked.
    Node overwritten(Shard next) {
      return new Node(voter, knows, Optional.of(next), marks, words);
    }

    /// Its copy went elsewhere, but it remembers what it had.
    Node emptied() {
      return new Node(voter, knows, Optional.empty(), marks, words);
    }

    private boolean isBeyond(Copy copy) {
      Mark mark = mark(copy.generation());
      long term = copy.title().term();
      return mark.gaveUp() >= term
          || mark.term() > term
          || mark.term() == term && mark.sequence() > copy.sequence();
    }

    Map<Long, Mark> marked(long generation, Mark mark) {
      Map<Long, Mark> more = new HashMap<>(marks);
      more.put(generation, mark);
      return more;
    }
  }

  /// @param batch whether it came as a batch for the backup; else as a whole copy
  record Sent(boolean batch, long to, Shard shard) {}

  /// @param term in which it was last seen
  record Safe(String history, long term) {}

  /// How often something may happen yet.
  record Budget(
      int appends,
      int rosters,
      int syncs,
      int changes,
      int renewals,
      int restarts,
      int expiries,
      int merges) {}

  Tenure tenure(Node node) {
    return new Tenure(
        node.voter(),
        node.knows() == 0 ? Optional.empty() : Optional.of(decided.get(node.knows() - 1)));
  }

  ShardWorld with(int index, Node node) {
    List<Node> others = new ArrayList<>(nodes);
    others.set(index, node);
    return new ShardWorld(decided, others, network, safe, left, wrong);
  }

  ShardWorld with(Sent sent) {
    if (network.contains(sent)) {
      return this;
    }
    Set<Sent> more = new HashSet<>(network);
    more.removeIf(this::isFutile);
    more.add(sent);
    return new ShardWorld(decided, nodes, more, safe, left, wrong);
  }

  /// What no node will ever take any more need not be told apart.
  private boolean isFutile(Sent old) {
    Copy copy = old.shard().copy();
    return nodes.stream()
        .noneMatch(node -> node.voter() == old.to() && !(old.batch() && node.isBeyond(copy)));
  }

  ShardWorld with(Budget budget) {
    return new ShardWorld(decided, nodes, network, safe, budget, wrong);
  }

  ShardWorld with(Roster roster, Budget budget) {
    List<Roster> more = new ArrayList<>(decided);
    more.add(roster);
    return new ShardWorld(more, nodes, network, safe, budget, wrong);
  }

  /// Both holders have a history now: from here on it may be acknowledged and served.
  ///
  /// @param backup what the backup has made of what the owner has
  ShardWorld safe(Hands hands, Shard owner, String backup) {
    long generation = owner.copy().generation();
    long term = owner.copy().title().term();
    String history = owner.history();
    Safe before = safe.getOrDefault(generation, new Safe("", 0));
    String now = history.length() > before.history().length() ? history : before.history();
    Map<Long, Safe> more = new HashMap<>(safe);
    more.put(generation, new Safe(now, Math.max(term, before.term())));
    return new ShardWorld(
        decided, nodes, network, more, left, fault(hands, generation, owner, backup, before));
  }

  private static String fault(
      Hands hands, long generation, Shard owner, String backup, Safe before) {
    String history = owner.history();
    if (!history.startsWith(before.history()) && !before.history().startsWith(history)) {
      return "two payloads: %s and %s".formatted(before.history(), history);
    }
    if (owner.copy().title().term() > before.term()
        && history.length() < before.history().length()) {
      return "lost without a new epoch: %s is %s".formatted(before.history(), history);
    }
    if (!backup.startsWith(history)) {
      return "the backup has %s of %s".formatted(backup, history);
    }
    return twice(hands.epochs(generation, history), history);
  }

  private static String twice(List<String> epochs, String history) {
    Map<String, Integer> offsets = new HashMap<>();
    Map<String, Character> payloads = new HashMap<>();
    for (int i = 0; i < history.length(); i++) {
      char batch = history.charAt(i);
      if (batch == '|') {
        offsets.clear();
        continue;
      }
      String place = epochs.get(i) + ":" + offsets.merge(epochs.get(i), 1, Integer::sum);
      Character other = payloads.put(place, batch);
      if (other != null) {
        return "two payloads at %s: %s and %s".formatted(place, other, batch);
      }
    }
    return "";
  }
}
