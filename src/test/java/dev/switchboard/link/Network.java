package dev.switchboard.link;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Two nodes and the bus between them, in a time that only passes when a test says so.
///
/// A step is a millisecond: what is due is delivered, then who is awake ticks. Each node's clock
/// has an origin of its own.
final class Network {
  static final int WINDOW = 64 * 1024;
  static final LinkSettings SETTINGS =
      new LinkSettings(
          WINDOW, Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(250));

  // Shortly after a tick, so that the next one is far.
  private static final int SETTLED = 510;
  private static final byte[] KEY = {1, 2, 3};

  /// How the bus treats messages.
  ///
  /// @param written delay of the word that the bytes left; negative for never
  record Weather(double lost, double doubled, double unwritten, int delayMax, int written) {
    static final Weather FAIR = new Weather(0, 0, 0, 0, 0);
    static final Weather CUT = new Weather(1, 0, 0, 0, 0);
    static final Weather STUCK = new Weather(1, 0, 0, 0, -1);
  }

  private record Event(long at, long number, Runnable what) {}

  private final RandomGenerator random;
  private final List<Event> events = new ArrayList<>();
  private long numbers;
  private long millis;
  private boolean unsafe;
  private Weather weather = Weather.FAIR;
  private Predicate<LinkMessage> lost = _ -> false;

  /// Every message handed over, delivered or not.
  final List<LinkMessage> spoken = new ArrayList<>();

  final End alice;
  final End bob;

  Network(RandomGenerator random) {
    this.random = random;
    alice = new End(this, 1, 2, () -> millis * 1_000_000 - 123_456_789L);
    bob = new End(this, 2, 1, () -> millis * 1_000_000 + 987_654_321_000L);
    alice.restart();
    bob.restart();
  }

  static Network open() {
    Network network = new Network(new Random(1));
    network.run(SETTLED);
    network.spoken.clear();
    return network;
  }

  static LinkCodec codec() {
    return new LinkCodec(KEY);
  }

  void weather(Weather next) {
    weather = next;
  }

  /// Loses what fits, until told otherwise.
  void lose(Predicate<LinkMessage> what) {
    lost = what;
  }

  void run(long duration) {
    for (long end = millis + duration; millis < end; ) {
      millis++;
      deliver();
      alice.turn(millis);
      bob.turn(millis);
      deliver();
      unsafe |= bob.link.leaseHeld() && !alice.link.leaseGranted();
      unsafe |= alice.link.leaseHeld() && !bob.link.leaseGranted();
    }
  }

  /// Whether an end ever held a lease that the other did not know to have granted.
  boolean wasUnsafe() {
    return unsafe;
  }

  /// Delivers what is due now without letting time pass.
  void deliver() {
    for (Event next = due(); next != null; next = due()) {
      events.remove(next);
      next.what().run();
    }
  }

  private Event due() {
    return events.stream()
        .filter(one -> one.at() <= millis)
        .min(Comparator.comparingLong(Event::at).thenComparingLong(Event::number))
        .orElse(null);
  }

  /// Anything ever said, again.
  void replay(LinkMessage message) {
    End to = message.header().to() == 1 ? alice : bob;
    to.take(message);
  }

  long millis() {
    return millis;
  }

  private void in(long delay, Runnable what) {
    events.add(new Event(millis + delay, numbers++, what));
  }

  private int chance(int bound) {
    return bound == 0 ? 0 : random.nextInt(bound);
  }

  void send(long to, byte[] bytes, Consumer<Boolean> written) {
    LinkMessage message;
    try {
      message = codec().decode(bytes);
    } catch (BadLinkMessageException broken) {
      throw new AssertionError(broken);
    }
    spoken.add(message);
    boolean unwritten = random.nextDouble() < weather.unwritten();
    if (weather.written() >= 0) {
      End from = to == 1 ? bob : alice;
      in(chance(weather.written() + 1), () -> from.whenAwake(() -> written.accept(!unwritten)));
    }
    int copies = random.nextDouble() < weather.doubled() ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      boolean gone = random.nextDouble() < weather.lost() || lost.test(message);
      // Now and then what was said to be unwritten arrives nevertheless.
      if (!gone && !(unwritten && random.nextBoolean())) {
        End end = to == 1 ? alice : bob;
        in(chance(weather.delayMax() + 1), () -> end.take(message));
      }
    }
  }

  /// One node's end of the link, which remembers what it was told.
  static final class End implements LinkListener {
    private final Network network;
    private final long own;
    private final long peer;
    private final LongSupplier nanos;
    private final List<Runnable> waiting = new ArrayList<>();
    private long generation;
    private long asleepUntil;
    private long tickAt;
    private long ids;
    private LinkMessage taking;

    final LinkMeters meters = new LinkMeters();
    final List<Long> got = new ArrayList<>();
    final List<Long> sentState = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    long sent;
    // Announced as lost, of either direction; and of those, what the peer sent.
    long dropped;
    long missed;
    int opened;
    int incompatible;
    boolean mayGrant = true;
    PeerLink link;

    End(Network network, long own, long peer, LongSupplier nanos) {
      this.network = network;
      this.own = own;
      this.peer = peer;
      this.nanos = nanos;
    }

    /// A new end; the old one is forgotten, as when the peer left the cluster and came back.
    void restart() {
      if (link != null) {
        link.close();
      }
      var around = new PeerLink.Surroundings(SETTINGS, nanos, codec(), network::send, meters);
      generation++;
      link = new PeerLink(new PeerLink.Ends(own, peer, generation), around, this);
    }

    long generation() {
      return generation;
    }

    /// Sends the next number if there is room, to leave at the end of the turn.
    boolean send(boolean ageing, int length) {
      byte[] bytes = new byte[Math.max(8, length)];
      ByteBuffer.wrap(bytes).putLong(ids + 1);
      if (!link.offer(new Item(ageing, bytes))) {
        return false;
      }
      ids++;
      sent++;
      if (!ageing) {
        sentState.add(ids);
      }
      return true;
    }

    /// Sends and ends the turn.
    void say(boolean ageing, int count) {
      for (int at = 0; at < count; at++) {
        send(ageing, 8);
      }
      link.flush();
    }

    /// Nothing is read and nothing ticks for so long; what comes meanwhile waits.
    void sleep(long duration) {
      asleepUntil = Math.max(asleepUntil, network.millis() + duration);
    }

    void turn(long now) {
      if (now < asleepUntil) {
        return;
      }
      List<Runnable> late = List.copyOf(waiting);
      waiting.clear();
      late.forEach(Runnable::run);
      if (now >= tickAt) {
        tickAt = now + SETTINGS.tick().toMillis();
        link.onTick();
      }
      link.flush();
    }

    void take(LinkMessage message) {
      whenAwake(
          () -> {
            taking = message;
            link.onMessage(message);
            taking = null;
          });
    }

    private void whenAwake(Runnable what) {
      if (network.millis() < asleepUntil) {
        waiting.add(what);
      } else {
        what.run();
      }
    }

    @Override
    public void onOpened(PeerLink which) {
      opened++;
      calls.add("opened");
    }

    @Override
    public void onItem(PeerLink which, byte[] item) {
      got.add(ByteBuffer.wrap(item).getLong());
    }

    @Override
    public void onAcknowledged(PeerLink which) {
      calls.add("acknowledged " + which.acknowledged());
    }

    @Override
    public void onRoom(PeerLink which) {
      calls.add("room");
    }

    @Override
    public void onDropped(PeerLink which, long items) {
      dropped += items;
      missed += taking instanceof LinkMessage.Batch ? items : 0;
      calls.add("dropped " + items);
    }

    @Override
    public void onIncompatible(PeerLink which, int versionMin, int versionMax) {
      incompatible++;
    }

    @Override
    public boolean mayGrant(PeerLink which) {
      return mayGrant;
    }
  }
}
