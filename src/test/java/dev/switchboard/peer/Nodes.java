package dev.switchboard.peer;

import dev.switchboard.interest.RouteHash;
import dev.switchboard.link.BadLinkMessageException;
import dev.switchboard.link.LinkCodec;
import dev.switchboard.link.LinkMessage;
import dev.switchboard.link.LinkSettings;
import dev.switchboard.presence.Member;
import dev.switchboard.presence.PresenceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Some nodes and the bus between them, in one thread and in a time that only passes when a test
/// says so.
///
/// A step is a millisecond: what is due is delivered, then who is awake and due ticks. Each node's
/// clock has an origin of its own. A message takes a millisecond unless its way is slow or cut.
final class Nodes {
  static final int WINDOW = 64 * 1024;
  static final int LEASE = 2_000;
  static final int TICK = 250;
  static final int QUESTION_TIMEOUT = 5_000;
  static final int QUESTIONS_MAX = 50;
  static final int DIGEST_INTERVAL = 3_000;

  /// Long enough for nodes that can hear each other to be in step.
  static final int SETTLED = 1_100;

  static final PeerSettings SETTINGS =
      new PeerSettings(
          new LinkSettings(
              WINDOW, Duration.ofSeconds(2), Duration.ofMillis(LEASE), Duration.ofMillis(TICK)),
          Duration.ofMillis(QUESTION_TIMEOUT),
          QUESTIONS_MAX,
          Duration.ofMillis(DIGEST_INTERVAL));

  private static final byte[] KEY = {1, 2, 3};
  private static final RouteHash HASHES = new RouteHash(KEY);
  private static final long FIRST_INCARNATION = 101;

  private record Event(long at, long number, Runnable what) {}

  private record Way(Node from, Node to) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final Set<Way> cut = new HashSet<>();
  private final Set<Way> withoutBatches = new HashSet<>();
  private final List<Node> all = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private UnaryOperator<LinkMessage> twist = UnaryOperator.identity();
  private long numbers;
  private long millis;
  private long incarnations = FIRST_INCARNATION;
  private int delay = 1;

  /// Nodes that do not know of each other.
  Nodes(int count) {
    IntStream.range(0, count).forEach(_ -> add());
  }

  /// Nodes that rely on each other.
  static Nodes inStep(int count) {
    Nodes nodes = new Nodes(count);
    nodes.meet();
    nodes.run(SETTLED);
    return nodes;
  }

  static LinkCodec codec() {
    return new LinkCodec(KEY);
  }

  static long hash(String channel) {
    return HASHES.channel(channel);
  }

  Node get(int index) {
    return all.get(index);
  }

  /// One more node, which knows nobody and is known to nobody.
  Node add() {
    all.add(new Node(this));
    return all.getLast();
  }

  /// All learn that all are members.
  void meet() {
    Set<Long> members = all.stream().map(Node::incarnation).collect(Collectors.toSet());
    all.forEach(node -> node.members(members));
  }

  /// From here on all messages take so long.
  void delay(int duration) {
    delay = duration;
  }

  /// Nothing gets from one to the other, in both directions.
  void cut(Node one, Node other) {
    cut.add(new Way(one, other));
    cut.add(new Way(other, one));
  }

  /// All but batches gets from one to the other, so they hear and learn nothing.
  void loseBatches(Node from, Node to) {
    withoutBatches.add(new Way(from, to));
  }

  void heal() {
    cut.clear();
    withoutBatches.clear();
    twist = UnaryOperator.identity();
  }

  /// Changes what is under way, as only a bug of ours could.
  void twist(UnaryOperator<LinkMessage> change) {
    twist = change;
  }

  void run(long duration) {
    for (long end = millis + duration; millis < end; ) {
      step();
    }
  }

  /// Runs until something is so.
  ///
  /// @return how many milliseconds that took, `max` if it did not come
  long runUntil(BooleanSupplier what, long max) {
    long start = millis;
    while (!what.getAsBoolean() && millis - start < max) {
      step();
    }
    return millis - start;
  }

  /// Time passes and nobody does anything.
  void pass(long duration) {
    millis += duration;
  }

  /// Each time when a node could publish by what another had told it, without knowing of a claim
  /// that this one believed to be known.
  List<String> breaches() {
    return breaches;
  }

  private void step() {
    millis++;
    while (!events.isEmpty() && events.peek().at() <= millis) {
      events.remove().what().run();
    }
    all.forEach(node -> node.turn(millis));
    for (Node holder : all) {
      for (Node granter : all) {
        check(holder, granter);
      }
    }
  }

  private void check(Node holder, Node granter) {
    if (holder == granter || !holder.mayPublish() || !holder.relies(granter)) {
      return;
    }
    for (String claim : granter.confirmed) {
      if (!holder.knows(granter, claim)) {
        breaches.add("at %d: %s".formatted(millis, claim));
        return;
      }
    }
  }

  private void in(long duration, Runnable what) {
    events.add(new Event(millis + duration, numbers++, what));
  }

  private void send(Node from, long to, byte[] bytes) {
    LinkMessage message = decoded(bytes);
    for (Node node : all) {
      var way = new Way(from, node);
      boolean lost =
          cut.contains(way) || withoutBatches.contains(way) && message instanceof LinkMessage.Batch;
      if (node.incarnation() == to && !lost) {
        byte[] delivered = codec().encode(twist.apply(message));
        in(delay, () -> node.take(delivered));
      }
    }
  }

  static LinkMessage decoded(byte[] bytes) {
    try {
      return codec().decode(bytes);
    } catch (BadLinkMessageException broken) {
      throw new AssertionError(broken);
    }
  }

  /// One node, which remembers what it was told.
  static final class Node implements PeerHost, PresenceListener {
    private final Nodes nodes;
    private final List<Runnable> waiting = new ArrayList<>();
    private long incarnation;
    private long asleepUntil;
    private long tickAt;

    final PeerMeters meters = new PeerMeters();
    final Peers peers;
    final List<String> confirmed = new ArrayList<>();
    final List<String> publications = new ArrayList<>();
    final List<String> presence = new ArrayList<>();
    int repairs;
    final List<Consumer<byte[]>> unanswered = new ArrayList<>();
    final List<byte[]> sent = new ArrayList<>();

    /// What it answers; null to leave it to the test.
    UnaryOperator<byte[]> answering = question -> question;

    private Node(Nodes nodes) {
      this.nodes = nodes;
      this.incarnation = nodes.incarnations++;
      long origin = (incarnation - FIRST_INCARNATION) * 1_000_000_000_007L - 50_000_000_000L;
      peers = new Peers(SETTINGS, this, () -> nodes.millis * 1_000_000 + origin, codec(), meters);
      peers.onMembers(incarnation, Set.of());
    }

    long incarnation() {
      return incarnation;
    }

    /// Learns who the members are, itself or not.
    void members(Set<Long> members) {
      Set<Long> others = new HashSet<>(members);
      others.remove(incarnation);
      peers.onMembers(incarnation, others);
      peers.flush();
    }

    void members(Node... others) {
      members(Arrays.stream(others).map(Node::incarnation).collect(Collectors.toSet()));
    }

    /// Has another incarnation, which nobody knows yet.
    void renew() {
      incarnation = nodes.incarnations++;
    }

    /// A turn that claims a channel for loop 0.
    void claim(String channel) {
      claim(channel, 0);
      peers.flush();
    }

    /// Claims within a turn.
    void claim(String channel, int loop) {
      peers.claim(hash(channel), loop, () -> confirmed.add(channel));
    }

    /// A turn that releases a channel for loop 0.
    void release(String channel) {
      confirmed.remove(channel);
      peers.release(hash(channel), 0);
      peers.flush();
    }

    /// A turn that publishes, if it may.
    ///
    /// @return false when it was busy
    boolean publish(String channel, String text) {
      var item = Peers.publication(hash(channel), text.getBytes());
      return switch (peers.reserve(hash(channel), item.size())) {
        case Reservation.Busy() -> false;
        case Reservation.Nobody() -> true;
        case Reservation.Held held -> {
          peers.publish(held, item);
          peers.flush();
          yield true;
        }
      };
    }

    /// A turn that asks.
    ///
    /// @return where every reply goes
    List<PeerReply> ask(Node other, String question) {
      List<PeerReply> replies = new ArrayList<>();
      peers.ask(other.incarnation(), question.getBytes(), false, replies::add);
      peers.flush();
      return replies;
    }

    PeerView view(Node other) {
      return peers.views().stream()
          .filter(one -> one.incarnation() == other.incarnation())
          .findFirst()
          .orElseThrow();
    }

    boolean mayPublish() {
      return !isAsleep() && !peers.resynchronising();
    }

    boolean relies(Node other) {
      return peers.views().stream()
          .anyMatch(one -> one.incarnation() == other.incarnation() && one.leaseHeld());
    }

    boolean knows(Node other, String channel) {
      return peers.interested(hash(channel)).contains(other.incarnation());
    }

    /// Nothing is read and nothing ticks for so long; what comes meanwhile waits.
    void sleep(long duration) {
      asleepUntil = nodes.millis + duration;
    }

    boolean isAsleep() {
      return nodes.millis < asleepUntil;
    }

    private void turn(long now) {
      if (isAsleep()) {
        return;
      }
      List<Runnable> late = List.copyOf(waiting);
      waiting.clear();
      late.forEach(Runnable::run);
      if (now >= tickAt) {
        tickAt = now + TICK;
        peers.onTick();
      }
    }

    /// Bytes come to its address.
    void take(byte[] bytes) {
      whenAwake(
          () -> {
            peers.onBytes(bytes);
            peers.flush();
          });
    }

    private void whenAwake(Runnable what) {
      if (isAsleep()) {
        waiting.add(what);
      } else {
        what.run();
      }
    }

    @Override
    public void send(long peer, byte[] message, Consumer<Boolean> written) {
      sent.add(message);
      nodes.send(this, peer, message);
      nodes.in(1, () -> whenAwake(() -> written.accept(true)));
    }

    @Override
    public void onPublication(long loops, byte[] publication) {
      publications.add(loops + " " + new String(publication));
    }

    @Override
    public void onQuestion(byte[] question, Consumer<byte[]> answer) {
      if (answering == null) {
        unanswered.add(answer);
      } else {
        answer.accept(answering.apply(question));
      }
    }

    @Override
    public PresenceListener presenceListener() {
      return this;
    }

    @Override
    public void onJoined(long loops, String channel, Member member) {
      presence.add("+" + channel + " " + member.user());
    }

    @Override
    public void onLeft(long loops, String channel, Member member) {
      presence.add("-" + channel + " " + member.user());
    }

    @Override
    public void onGap(long peer, long items) {}

    @Override
    public void onRoster(long peer, byte[] message) {}

    @Override
    public void onRepair(long peer) {
      repairs++;
    }

    @Override
    public void onStrange(long peer, String what) {
      throw new AssertionError(what);
    }
  }
}
