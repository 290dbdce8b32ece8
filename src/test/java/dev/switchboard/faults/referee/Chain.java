package dev.switchboard.faults.referee;

import dev.switchboard.stream.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One client at one channel, over all its sessions. Confined to the referee's thread.
final class Chain {
  private final String name;
  private final Tallies tallies;
  private final Set<String> epochsLeft = new HashSet<>();
  private final List<Range> skipped = new ArrayList<>();
  private Position position;
  private boolean open;

  Chain(String name, Tallies tallies) {
    this.name = name;
    this.tallies = tallies;
  }

  private record Range(long first, long last) {
    boolean contains(long offset) {
      return first <= offset && offset <= last;
    }
  }

  void subscribed(Fact.Subscribed reply) {
    open = true;
    Position now = reply.position();
    if (position == null) {
      position = now;
      return;
    }
    tallies.chance(Rule.GAP);
    tallies.chance(Rule.TOP);
    if (reply.recovering() && reply.recovered()) {
      tallies.count(Total.RECOVERED);
      goOn(now);
    } else {
      tallies.count(Total.FLAGGED);
      if (now.epoch().equals(position.epoch()) && now.offset() < position.offset()) {
        tallies.breach(Rule.TOP, () -> "%s was at %s, told %s".formatted(name, position, now));
      }
      skipped.clear();
    }
    enter(now);
  }

  /// What a node calls recovered is where the client was, whatever the publications are.
  private void goOn(Position now) {
    boolean same = now.epoch().equals(position.epoch());
    if (!same || now.offset() > position.offset()) {
      tallies.breach(
          Rule.GAP, () -> "%s at %s was told it recovered at %s".formatted(name, position, now));
    }
  }

  private void enter(Position now) {
    if (now.epoch().equals(position.epoch())) {
      // After a reply that lies behind, what follows from there is a duplicate.
      position = now.offset() > position.offset() ? now : position;
      return;
    }
    epochsLeft.add(position.epoch());
    if (epochsLeft.contains(now.epoch())) {
      tallies.breach(Rule.TOP, () -> "%s came back to epoch %s".formatted(name, now.epoch()));
    }
    skipped.clear();
    position = now;
  }

  void left() {
    open = false;
  }

  void received(Fact.Received receipt) {
    tallies.chance(Rule.PLACE);
    tallies.chance(Rule.GAP);
    tallies.chance(Rule.DUPLICATE);
    tallies.chance(Rule.ORDER);
    Position got = receipt.position();
    if (position == null || got.offset() <= 0 || got.epoch().isEmpty()) {
      tallies.breach(Rule.PLACE, () -> "%s received %s".formatted(name, receipt));
    } else if (!got.epoch().equals(position.epoch())) {
      tallies.breach(Rule.GAP, () -> "%s at %s received %s".formatted(name, position, got));
      enter(got);
    } else if (got.offset() > position.offset()) {
      advance(got);
    } else if (skipped.stream().anyMatch(range -> range.contains(got.offset()))) {
      tallies.breach(Rule.ORDER, () -> "%s at %s received %s".formatted(name, position, got));
    } else {
      tallies.breach(Rule.DUPLICATE, () -> "%s at %s received %s".formatted(name, position, got));
    }
  }

  private void advance(Position got) {
    long expected = position.offset() + 1;
    if (got.offset() > expected) {
      tallies.breach(Rule.GAP, () -> "%s at %s received %s".formatted(name, position, got));
      skipped.add(new Range(expected, got.offset() - 1));
    }
    position = got;
  }

  boolean isBehind(Position top) {
    return open && !top.equals(position);
  }

  /// Nothing is under way any more.
  void rest(Position top) {
    if (!open) {
      return;
    }
    tallies.chance(Rule.BEHIND);
    if (isBehind(top)) {
      tallies.breach(Rule.BEHIND, () -> "%s is at %s of %s".formatted(name, position, top));
    }
  }
}
