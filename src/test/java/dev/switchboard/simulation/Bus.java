package dev.switchboard.simulation;

import dev.switchboard.simulation.Tally.Count;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The event bus: one connection for each direction between two processes, and what goes wrong.
///
/// As measured of the real one: in order while a connection lives, unbounded, and without an end to
/// a stuck connection; when it breaks, some of what was under way is lost and some arrives late,
/// beside its successors on the next connection; what was reported as failed may arrive.
final class Bus {
  private final World world;
  private final Timeline time;
  private final Chance chance;
  private final Map<Long, SimNode> addresses = new HashMap<>();
  private final Map<Route, Connection> connections = new LinkedHashMap<>();
  private final Map<Route, Integer> blocks = new LinkedHashMap<>();
  private Weather weather;

  Bus(World world) {
    this.world = world;
    this.time = world.time();
    this.chance = world.dice();
    this.weather = world.plan().weather();
  }

  /// From one process to another.
  private record Route(SimNode from, SimNode to) {}

  void weather(Weather next) {
    weather = next;
  }

  Weather weather() {
    return weather;
  }

  /// From now on the process gets what is sent to this incarnation, whoever it is by then.
  void register(long incarnation, SimNode node) {
    addresses.put(incarnation, node);
  }

  void send(SimNode from, long peer, byte[] bytes, Consumer<Boolean> written) {
    world.tally().add(Count.MESSAGES);
    SimNode to = addresses.get(peer);
    Letter letter = new Letter(from, to, peer, damaged(bytes), written);
    from.sending(peer, bytes.length);
    if (to == null || !to.alive()) {
      letter.tellLater(chance.once(0.5), Timeline.SECOND);
      return;
    }
    if (chance.once(weather.failed())) {
      letter.tellLater(false, Timeline.MILLI);
      if (chance.once(0.7)) {
        return;
      }
    }
    if (chance.once(weather.dropped())) {
      world.tally().add(Count.LOST);
      letter.tellAtOnce();
      return;
    }
    if (chance.once(weather.doubled())) {
      world.tally().add(Count.DOUBLED);
      var again = new Letter(from, to, peer, letter.bytes, result -> {});
      again.told = true;
      time.after(chance.spread(Timeline.MICRO, 5 * Timeline.SECOND), again::arrive);
    }
    connection(new Route(from, to)).send(letter);
  }

  private byte[] damaged(byte[] bytes) {
    if (!chance.once(weather.damaged())) {
      return bytes;
    }
    world.tally().add(Count.DAMAGED);
    byte[] copy = bytes.clone();
    copy[chance.below(copy.length)] ^= (byte) (1 << chance.below(Byte.SIZE));
    return copy;
  }

  private Connection connection(Route route) {
    return connections.computeIfAbsent(route, Connection::new);
  }

  boolean blocked(SimNode from, SimNode to) {
    return blocks.getOrDefault(new Route(from, to), 0) > 0;
  }

  /// Nothing gets through from one to the other any more.
  void block(SimNode from, SimNode to) {
    var route = new Route(from, to);
    blocks.merge(route, 1, Integer::sum);
    Connection connection = connections.get(route);
    if (connection != null) {
      connection.stall();
    }
  }

  void unblock(SimNode from, SimNode to) {
    var route = new Route(from, to);
    Connection connection = connections.get(route);
    if (blocks.merge(route, -1, Integer::sum) == 0 && connection != null) {
      if (chance.once(0.5)) {
        connection.resume();
      } else {
        breakConnection(from, to);
      }
    }
  }

  void breakConnection(SimNode from, SimNode to) {
    Connection connection = connections.remove(new Route(from, to));
    if (connection != null) {
      world.tally().add(Count.BROKEN_CONNECTIONS);
      connection.end(chance.once(0.5) ? 0 : chance.spread(Timeline.MILLI, 8 * Timeline.SECOND));
    }
  }

  /// The process reads again.
  void woke(SimNode node) {
    for (Connection connection : List.copyOf(connections.values())) {
      if (connection.route.to == node) {
        connection.tellAll();
      }
    }
  }

  /// The process is no more: what it wrote may arrive still.
  void died(SimNode node) {
    for (Route route : List.copyOf(connections.keySet())) {
      if (route.from == node || route.to == node) {
        breakConnection(route.from, route.to);
      }
    }
    blocks.keySet().removeIf(route -> route.from == node || route.to == node);
  }

  /// One message on its way.
  private final class Letter {
    private final SimNode from;
    private final SimNode to;
    private final long peer;
    private final byte[] bytes;
    private final Consumer<Boolean> written;
    private boolean told;
    private int ticket;

    Letter(SimNode from, SimNode to, long peer, byte[] bytes, Consumer<Boolean> written) {
      this.from = from;
      this.to = to;
      this.peer = peer;
      this.bytes = bytes;
      this.written = written;
    }

    /// Says that it is written while it is being sent.
    void tellAtOnce() {
      if (!told && world.plan().seed() % 2 == 0) {
        told = true;
        from.sent(peer, bytes.length);
        written.accept(true);
      } else {
        tell(true);
      }
    }

    void tell(boolean result) {
      if (!told) {
        told = true;
        accept(result);
      }
    }

    void tellLater(boolean result, long delayMax) {
      if (!told) {
        told = true;
        time.after(chance.spread(Timeline.MICRO, delayMax), () -> accept(result));
      }
    }

    private void accept(boolean result) {
      from.peerLane()
          .post(
              0,
              () -> {
                from.sent(peer, bytes.length);
                written.accept(result);
              });
    }

    void arrive() {
      to.receive(bytes);
    }
  }

  /// What carries messages one way until it breaks.
  private final class Connection {
    private final Route route;
    private final List<Letter> underWay = new ArrayList<>();
    private final List<Letter> unwritten = new ArrayList<>();
    private final long kernelBytes = chance.spread(1_000, 100_000);
    private long last = time.now();
    private long heldBytes;

    Connection(Route route) {
      this.route = route;
    }

    void send(Letter letter) {
      if (chance.once(weather.overtaken())) {
        world.tally().add(Count.LATE);
        time.after(chance.spread(Timeline.MILLI, 5 * Timeline.SECOND), letter::arrive);
        letter.tellAtOnce();
        return;
      }
      underWay.add(letter);
      boolean stuck = blocked(route.from, route.to);
      if (!stuck) {
        schedule(letter, weather.latency() + chance.between(0, weather.jitter()));
      }
      if (stuck || route.to.paused()) {
        write(letter);
      } else if (chance.once(weather.lateWritten())) {
        letter.tellLater(true, 3 * Timeline.SECOND);
      } else {
        letter.tellAtOnce();
      }
    }

    /// Into the buffers of the kernels, as long as these have room.
    private void write(Letter letter) {
      heldBytes += letter.bytes.length;
      if (heldBytes <= kernelBytes) {
        letter.tell(true);
      } else {
        unwritten.add(letter);
      }
    }

    private void schedule(Letter letter, long delay) {
      last = Math.max(last + 1, time.now() + delay);
      int ticket = ++letter.ticket;
      time.at(
          last,
          () -> {
            if (letter.ticket == ticket && underWay.remove(letter)) {
              letter.arrive();
            }
          });
    }

    void stall() {
      underWay.forEach(letter -> letter.ticket++);
    }

    void resume() {
      underWay.forEach(letter -> schedule(letter, weather.latency()));
      tellAll();
    }

    void tellAll() {
      heldBytes = 0;
      unwritten.forEach(letter -> letter.tell(true));
      unwritten.clear();
    }

    /// The first of what is under way arrives, late; the rest is lost.
    void end(long delay) {
      int arriving = chance.below(underWay.size() + 1);
      for (int i = 0; i < underWay.size(); i++) {
        Letter letter = underWay.get(i);
        letter.ticket++;
        if (i < arriving) {
          world.tally().add(Count.LATE);
          time.after(delay + i, letter::arrive);
        } else {
          world.tally().add(Count.LOST);
        }
      }
      unwritten.forEach(letter -> letter.tell(chance.once(0.3)));
      underWay.clear();
    }
  }
}
