package dev.switchboard.model;

import static dev.switchboard.model.Fingerprints.mix;

import dev.switchboard.model.ShardWorld.Budget;
import dev.switchboard.model.ShardWorld.Node;
import dev.switchboard.model.ShardWorld.Safe;
import dev.switchboard.model.ShardWorld.Sent;
import dev.switchboard.model.ShardWorld.Shard;
import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.Seat;
import dev.switchboard.tenure.Copy;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import dev.switchboard.tenure.Mark;
import dev.switchboard.tenure.Tenure.Farewell;
import dev.switchboard.tenure.Title;
import dev.switchboard.tenure.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What may become of one shard when Hazelcast does whatever it likes.
///
/// Any node may believe itself the owner, with any other as backup; any copy may be sent to any
/// node, whole, and replace a newer one; batches come late, twice or never; rosters change in any
/// way, and nodes learn of them whenever. Only that there is one line of rosters is given: that is
/// what [RosterModel] shows.
final class ShardModel implements Model<ShardWorld> {
  private static final long LINEAGE = 7;
  private final int size;
  private final int copies;
  private final Budget budget;
  private final Hands hands;

  /// @param size how many nodes there are
  /// @param copies how many of them have a copy from the beginning, holders or not
  ShardModel(int size, int copies, Budget budget, Hands hands) {
    this.size = size;
    this.copies = copies;
    this.budget = budget;
    this.hands = hands;
  }

  @Override
  public ShardWorld initial() {
    List<Seat> seats = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    var copy = new Copy(1, new Title(LINEAGE, 1, 1, 0, 1, 2), 0);
    for (int i = 1; i <= size; i++) {
      seats.add(new Seat(i, i, 1, true));
      Optional<Shard> shard = i <= copies ? Optional.of(new Shard(copy, "")) : Optional.empty();
      nodes.add(new Node(i, 1, shard, Map.of(), List.of()));
    }
    return new ShardWorld(
        List.of(new Roster(LINEAGE, 1, seats)), nodes, Set.of(), Map.of(), budget, "");
  }

  @Override
  public Optional<String> violation(ShardWorld world) {
    return Optional.of(world.wrong()).filter(wrong -> !wrong.isEmpty());
  }

  @Override
  public void next(ShardWorld world, Sink<ShardWorld> sink) {
    for (Sent sent : world.network()) {
      deliver(world, sent, sink);
    }
    for (int i = 0; i < size; i++) {
      Node node = world.nodes().get(i);
      for (int backup = 0; backup < size; backup++) {
        if (backup != i) {
          work(world, i, world.nodes().get(backup).voter(), sink);
          sync(world, node, world.nodes().get(backup), sink);
        }
      }
      work(world, i, 0, sink);
      for (int knows = node.knows() + 1; knows <= world.decided().size(); knows++) {
        sink.add(
            node.voter() + " learns roster " + knows,
            world.with(i, new Node(node.voter(), knows, node.shard(), node.marks(), node.words())));
      }
      restart(world, i, sink);
      merge(world, i, sink);
    }
    decide(world, sink);
  }

  private void work(ShardWorld world, int index, long backup, Sink<ShardWorld> sink) {
    Node node = world.nodes().get(index);
    Mark mark = node.copy().map(copy -> node.mark(copy.generation())).orElse(Mark.NONE);
    String who = node.voter() + " with backup " + backup;
    Verdict verdict = hands.verdict(world.tenure(node), node.copy(), mark, backup, node.words());
    Budget left = world.left();
    switch (verdict) {
      case Verdict.GoOn() -> {
        append(world, index, node.shard().orElseThrow(), who, sink);
        if (gaveUp(world, backup, node.copy().orElseThrow())) {
          ask(world, index, backup, GiveUp.Plea.TELL, sink);
        }
      }
      case Verdict.Retitle(Title title) -> {
        if (left.changes() > 0) {
          Shard shard = node.shard().orElseThrow();
          Copy copy = new Copy(shard.copy().generation(), title, shard.copy().sequence());
          ShardWorld paid = world.with(ModelBudget.change(left));
          append(paid, index, new Shard(copy, shard.history()), who + " takes over", sink);
        }
      }
      case Verdict.Renew(Title title, var _) -> {
        if (left.renewals() > 0) {
          boolean again = hands == Hands.RENEWS_NOTHING && node.shard().isPresent();
          long generation =
              again
                  ? node.copy().orElseThrow().generation()
                  : 1 + budget.renewals() + 1 - left.renewals();
          ShardWorld paid = world.with(ModelBudget.renewal(left));
          var shard = new Shard(new Copy(generation, title, 0), "");
          append(paid, index, shard, who + " starts generation " + generation, sink);
        }
      }
      case Verdict.Ask(long asked, var plea) -> ask(world, index, asked, plea, sink);
      case Verdict.Refuse() -> {}
    }
  }

  /// Whether a backup that is asked has something to tell: all else would change nothing.
  private static boolean gaveUp(ShardWorld world, long backup, Copy copy) {
    return world.nodes().stream()
        .filter(node -> node.voter() == backup)
        .anyMatch(node -> node.mark(copy.generation()).gaveUp() == copy.title().term());
  }

  private void append(ShardWorld world, int index, Shard shard, String who, Sink<ShardWorld> sink) {
    send(world, index, shard, who + " sends what it has", sink);
    Budget left = world.left();
    if (left.appends() > 0) {
      char payload = (char) ('a' + budget.appends() - left.appends());
      ShardWorld paid = world.with(ModelBudget.append(left));
      send(paid, index, longer(shard, payload), who + " appends " + payload, sink);
    }
    if (left.expiries() > 0) {
      ShardWorld paid = world.with(ModelBudget.expiry(left));
      send(paid, index, longer(shard, '|'), who + " expires the stream", sink);
    }
  }

  private static Shard longer(Shard shard, char batch) {
    Copy copy = shard.copy();
    return new Shard(
        new Copy(copy.generation(), copy.title(), copy.sequence() + 1), shard.history() + batch);
  }

  private void send(ShardWorld world, int index, Shard shard, String event, Sink<ShardWorld> sink) {
    ShardWorld after = world.with(index, world.nodes().get(index).withShard(shard));
    long backup = shard.copy().title().backup();
    sink.add(
        event,
        backup == 0
            ? after.safe(hands, shard, shard.history())
            : after.with(new Sent(true, backup, shard)));
  }

  private void deliver(ShardWorld world, Sent sent, Sink<ShardWorld> sink) {
    for (int i = 0; i < size; i++) {
      Node node = world.nodes().get(i);
      if (node.voter() == sent.to()) {
        if (sent.batch()) {
          batch(world, i, sent.shard(), sink);
        } else {
          sink.add(
              "%d is overwritten with %s of term %d"
                  .formatted(sent.to(), sent.shard().history(), sent.shard().copy().title().term()),
              world.with(i, node.overwritten(sent.shard())));
        }
      }
    }
  }

  private void batch(ShardWorld world, int index, Shard sent, Sink<ShardWorld> sink) {
    Node node = world.nodes().get(index);
    Mark mark = node.mark(sent.copy().generation());
    if (!hands.accepts(world.tenure(node), sent.copy(), node.copy(), mark)) {
      return;
    }
    // What is there of another life of the shard is replaced.
    String own =
        node.shard()
            .filter(shard -> shard.copy().generation() == sent.copy().generation())
            .map(Shard::history)
            .orElse("");
    String history =
        own.length() <= sent.history().length()
            ? own + sent.history().substring(own.length())
            : own;
    Copy copy = own.length() <= sent.history().length() ? sent.copy() : node.copy().orElseThrow();
    ShardWorld after = world.with(index, node.withShard(new Shard(copy, history)));
    sink.add(
        "%d confirms %s of term %d"
            .formatted(node.voter(), sent.history(), sent.copy().title().term()),
        after.safe(hands, sent, history));
  }

  private void sync(ShardWorld world, Node from, Node to, Sink<ShardWorld> sink) {
    if (world.left().syncs() > 0 && from.shard().isPresent()) {
      var sent = new Sent(false, to.voter(), from.shard().get());
      if (!world.network().contains(sent)) {
        sink.add(
            "a copy of %d is on its way to %d".formatted(from.voter(), to.voter()),
            world.with(sent).with(ModelBudget.sync(world.left())));
      }
    }
  }

  private void ask(
      ShardWorld world, int index, long holder, GiveUp.Plea plea, Sink<ShardWorld> sink) {
    Node asker = world.nodes().get(index);
    for (int i = 0; i < size; i++) {
      Node asked = world.nodes().get(i);
      if (asked.voter() != holder) {
        continue;
      }
      Copy copy = asker.copy().orElseThrow();
      Farewell farewell =
          hands.giveUp(
              world.tenure(asked),
              new GiveUp(0, copy, asker.voter(), plea),
              asked.copy(),
              asked.mark(copy.generation()));
      List<GaveUp> words = new ArrayList<>(asker.words());
      words.removeIf(word -> word.holder() == holder && word.generation() == copy.generation());
      words.add(farewell.word());
      var after =
          new Node(
              holder,
              asked.knows(),
              asked.shard(),
              asked.marked(copy.generation(), farewell.mark()),
              asked.words());
      var told = new Node(asker.voter(), asker.knows(), asker.shard(), asker.marks(), words);
      sink.add(
          "%d asks %d to %s term %d"
              .formatted(
                  asker.voter(),
                  holder,
                  switch (plea.kind()) {
                    case GIVE -> "give up";
                    case RENOUNCE -> "renounce";
                    case TELL -> "tell of";
                  },
                  copy.title().term()),
          world.with(i, after).with(index, told));
    }
  }

  private void restart(ShardWorld world, int index, Sink<ShardWorld> sink) {
    if (world.left().restarts() > 0) {
      Node node = world.nodes().get(index);
      long voter = node.voter() + 10;
      sink.add(
          node.voter() + " loses its copy and is " + voter + " now",
          world
              .with(index, new Node(voter, node.knows(), Optional.empty(), Map.of(), List.of()))
              .with(ModelBudget.restart(world.left())));
    }
  }

  /// What the node has may come to be anywhere, also here again; it stays the voter it was.
  private void merge(ShardWorld world, int index, Sink<ShardWorld> sink) {
    Node node = world.nodes().get(index);
    if (world.left().merges() > 0 && node.shard().isPresent()) {
      ShardWorld after = world.with(index, node.emptied()).with(ModelBudget.merge(world.left()));
      for (Node other : world.nodes()) {
        after = after.with(new Sent(false, other.voter(), node.shard().get()));
      }
      sink.add(node.voter() + " merges", after);
    }
  }

  /// A majority agrees on anything.
  private void decide(ShardWorld world, Sink<ShardWorld> sink) {
    if (world.left().rosters() == 0) {
      return;
    }
    Roster last = world.decided().getLast();
    for (int mask = 1; mask < 1 << size; mask++) {
      List<Seat> seats = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        if ((mask & 1 << i) != 0) {
          long voter = world.nodes().get(i).voter();
          long since = last.seatOf(voter).map(Seat::since).orElse(last.version() + 1);
          seats.add(new Seat(voter, voter, since, true));
        }
      }
      Roster next = last.next(seats);
      sink.add(
          "roster %d is %s".formatted(next.version(), seats.stream().map(Seat::voter).toList()),
          world.with(next, ModelBudget.roster(world.left())));
    }
  }

  @Override
  public long fingerprint(ShardWorld world) {
    long all = mix(world.wrong().hashCode(), world.left().hashCode());
    for (Roster roster : world.decided()) {
      for (Seat seat : roster.seats()) {
        all = mix(mix(all, seat.voter()), seat.since());
      }
      all = mix(all, -1);
    }
    long network = 0;
    for (Sent sent : world.network()) {
      network += mix(mix(sent.batch() ? 1 : 2, sent.to()), of(sent.shard()));
    }
    long safe = 0;
    for (Map.Entry<Long, Safe> entry : world.safe().entrySet()) {
      Safe one = entry.getValue();
      safe += mix(mix(entry.getKey(), one.history().hashCode()), one.term());
    }
    all = mix(mix(all, network), safe);
    for (Node node : world.nodes()) {
      all = mix(all, of(node));
    }
    return all;
  }

  private static long of(Node node) {
    long all = mix(mix(node.voter(), node.knows()), node.shard().map(ShardModel::of).orElse(0L));
    long marks = 0;
    for (Map.Entry<Long, Mark> entry : node.marks().entrySet()) {
      Mark mark = entry.getValue();
      marks +=
          mix(
              mix(mix(mix(entry.getKey(), mark.term()), mark.sequence()), mark.gaveUp()),
              mix(mark.successor(), mark.renounced()));
    }
    long words = 0;
    for (GaveUp word : new HashSet<>(node.words())) {
      long one = mix(mix(word.holder(), word.generation()), word.successor());
      one = mix(mix(mix(one, word.term()), word.sequence()), word.newest());
      words += mix(one, (word.alone() ? 1 : 0) + (word.renounced() ? 2 : 0));
    }
    return mix(mix(all, marks), words);
  }

  private static long of(Shard shard) {
    Copy copy = shard.copy();
    Title title = copy.title();
    long all = mix(mix(copy.generation(), copy.sequence()), shard.history().hashCode());
    all = mix(mix(mix(all, title.version()), title.term()), title.start());
    return mix(mix(all, title.owner()), title.backup());
  }
}
