package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.stream.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Reads streams on all nodes while they grow, so that all of them is read before it is trimmed.
///
/// A virtual thread per node, each with its share of the streams and every time on the next node.
/// Safe on any thread.
final class Follower implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Position BEGINNING = new Position("", 0);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong read = new AtomicLong();
  private final List<String> names;
  private final List<NodeApi> nodes;
  private final List<String> channels;
  private final Consumer<Fact> record;

  /// @param nodes by name
  /// @param record is told what was read, from many threads
  Follower(SequencedMap<String, NodeApi> nodes, List<String> channels, Consumer<Fact> record) {
    this.names = List.copyOf(nodes.sequencedKeySet());
    this.nodes = List.copyOf(nodes.sequencedValues());
    this.channels = channels;
    this.record = record;
  }

  void start() {
    for (int share = 0; share < nodes.size(); share++) {
      List<String> mine = new ArrayList<>();
      for (int each = share; each < channels.size(); each += nodes.size()) {
        mine.add(channels.get(each));
      }
      int first = share;
      threads.execute(() -> follow(mine, first));
    }
  }

  private void follow(List<String> mine, int first) {
    List<Position> places = new ArrayList<>(Collections.nCopies(mine.size(), BEGINNING));
    for (int pass = first; !over.get(); pass++) {
      for (int each = 0; each < mine.size() && !over.get(); each++) {
        places.set(each, goOn(pass % nodes.size(), mine.get(each), places.get(each)));
      }
      Patience.pass(PAUSE);
    }
  }

  /// Everything after a place; where it ends. A node that does not answer has nothing new.
  private Position goOn(int node, String channel, Position from) {
    Position place = from;
    while (!over.get()) {
      Optional<Fact.Followed> page = nodes.get(node).follow(names.get(node), channel, place);
      if (page.isEmpty()) {
        return isOver(node, channel, place) ? BEGINNING : place;
      }
      var kept = page.get().kept();
      if (kept.isEmpty()) {
        return place;
      }
      record.accept(page.get());
      read.addAndGet(kept.size());
      place = new Position(page.get().top().epoch(), kept.getLast().offset());
      if (place.offset() >= page.get().top().offset()) {
        return place;
      }
    }
    return place;
  }

  private boolean isOver(int node, String channel, Position place) {
    return nodes
        .get(node)
        .top(channel)
        .filter(top -> !top.epoch().equals(place.epoch()))
        .isPresent();
  }

  /// Entries of logs that were read.
  long read() {
    return read.get();
  }

  @Override
  public void close() {
    over.set(true);
    threads.close();
  }
}
