package dev.switchboard.simulation;

import dev.switchboard.peer.PeerHost;
import dev.switchboard.peer.PeerMeters;
import dev.switchboard.peer.PeerView;
import dev.switchboard.peer.Peers;
import dev.switchboard.presence.Member;
import dev.switchboard.presence.PresenceListener;
import dev.switchboard.simulation.Tally.Count;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One process: the real [Peers] on its peer loop, and model loops with model sessions.
final class SimNode implements PeerHost, PresenceListener {
  private static final long RENEWED_AFTER = 10 * Timeline.SECOND;
  private static final long READY_AFTER = 20 * Timeline.SECOND;

  private final World world;
  private final int slot;
  private final Chance chance;
  private final long clockOffset;
  private final Lane peerLane;
  private final PeerMeters meters = new PeerMeters();
  private final Peers peers;
  private final SimPresence presence;
  private final Doubler doubler;
  private final List<SimLoop> loops = new ArrayList<>();
  private final Set<Long> view = new TreeSet<>();
  private final Map<Long, Long> forgotten = new HashMap<>();
  private final Map<Long, Integer> unwritten = new HashMap<>();
  private long incarnation;
  private long newsVersion;
  private long order;
  private boolean alive = true;
  private boolean paused;
  private boolean ready;
  private boolean leaving;
  private boolean left;
  private boolean flushing;
  private boolean tickMissed;
  private long notReadySince;
  private long wokeAt;
  private long tickedAt;

  SimNode(World world, int slot) {
    this.world = world;
    this.slot = slot;
    this.chance = world.dice();
    this.clockOffset = chance.between(-Timeline.SECOND * 1_000, Timeline.SECOND * 1_000_000);
    this.peerLane = new Lane(world.time(), this);
    this.peers = new Peers(world.plan().settings(), this, this::nanos, world.codec(), meters);
    this.presence = new SimPresence(world, this);
    this.doubler = new Doubler(world.codec(), this::takeAgain);
    for (int i = 0; i < world.plan().loops(); i++) {
      loops.add(new SimLoop(world, this, i));
    }
  }

  private long nanos() {
    return world.time().now() + clockOffset;
  }

  // ---- life

  void start(Members.News news) {
    wokeAt = world.time().now();
    tickedAt = wokeAt;
    notReadySince = wokeAt;
    learn(news);
    world.time().after(chance.between(0, tick()), this::tickDue);
  }

  private static long tick() {
    return Plan.TICK.toNanos();
  }

  private void tickDue() {
    if (!alive) {
      return;
    }
    world.time().after(tick() + chance.between(0, 5 * Timeline.MILLI), this::tickDue);
    if (paused) {
      tickMissed = true;
    } else {
      peerLane.post(0, this::tickNow);
    }
  }

  private void tickNow() {
    long now = world.time().now();
    if (now - tickedAt > RENEWED_AFTER && !view.isEmpty()) {
      becomeUnready();
    }
    tickedAt = now;
    peers.onTick();
    boolean mayBeReady = peers.inStep() || now - notReadySince > READY_AFTER;
    ready |= mayBeReady && !leaving;
    world.invariants().onTick(this);
  }

  private void becomeUnready() {
    ready = false;
    notReadySince = world.time().now();
    loops.forEach(loop -> loop.lane().post(hop(), loop::closeAll));
  }

  void pause() {
    paused = true;
    peerLane.sleep();
    loops.forEach(loop -> loop.lane().sleep());
  }

  void wake() {
    paused = false;
    wokeAt = world.time().now();
    if (tickMissed && chance.once(0.5)) {
      tickMissed = false;
      world.time().after(0, () -> peerLane.post(0, this::tickNow));
    }
    world.bus().woke(this);
    peerLane.wake(chance.between(0, Timeline.MILLI));
    loops.forEach(loop -> loop.lane().wake(chance.between(0, Timeline.MILLI)));
  }

  void die() {
    alive = false;
    world.bus().died(this);
    world.nodes().remove(this);
    world.ledger().disturbed(this);
  }

  /// Closes its sessions, says good-bye and is gone a while later.
  void leave() {
    leaving = true;
    ready = false;
    loops.forEach(loop -> loop.lane().post(hop(), loop::closeAll));
    peerLane.post(50 * Timeline.MILLI, this::sayLeaving);
    peerLane.post(chance.between(20 * Timeline.MILLI, Timeline.SECOND), peers::close);
    // It stays a member until its share of the data is elsewhere.
    peerLane.post(
        chance.spread(20 * Timeline.MILLI, 6 * Timeline.SECOND),
        () -> {
          world.members().remove(this);
          die();
        });
  }

  private void sayLeaving() {
    left = true;
    peers.leave();
  }

  /// What the node sees of its cluster.
  void learn(Members.News news) {
    peerLane.post(0, () -> takeIn(news));
  }

  private void takeIn(Members.News news) {
    if (news.version() < newsVersion) {
      return;
    }
    newsVersion = news.version();
    if (news.own() != incarnation) {
      world.ledger().disturbed(this);
      incarnation = news.own();
      order = 0;
      becomeUnready();
      world.ledger().disturbed(this);
      world.trace(() -> "%s is %s".formatted(this, World.name(incarnation)));
    }
    for (long gone : view) {
      if (!news.others().contains(gone)) {
        world.ledger().disturbed(this, gone);
        forgotten.put(gone, world.time().now());
      }
    }
    view.clear();
    view.addAll(news.others());
    world.trace(() -> "%s sees %s".formatted(this, view.stream().map(World::name).toList()));
    Set<Long> told = new TreeSet<>(view);
    if (world.planted() == Planted.NO_FENCING) {
      told.addAll(peers.members());
      told.remove(incarnation);
    }
    peers.onMembers(incarnation, told);
    turn();
  }

  boolean knows(Members.News news) {
    return news.own() == incarnation && view.equals(news.others());
  }

  // ---- peer loop

  /// To be called in every turn of the peer loop that changed something.
  void turn() {
    if (!flushing) {
      flushing = true;
      peerLane.post(
          chance.between(0, 50 * Timeline.MICRO),
          () -> {
            flushing = false;
            peers.flush();
          });
    }
  }

  void receive(byte[] bytes) {
    if (alive) {
      peerLane.post(
          0,
          () -> {
            if (world.planted() == Planted.NO_DEDUPLICATION) {
              doubler.look(bytes);
            }
            peers.onBytes(bytes);
            turn();
          });
    }
  }

  @Override
  public void send(long peer, byte[] message, Consumer<Boolean> written) {
    world.bus().send(this, peer, message, written);
  }

  void sending(long peer, int bytes) {
    world.invariants().onUnwritten(this, peer, unwritten.merge(peer, bytes, Integer::sum));
  }

  void sent(long peer, int bytes) {
    unwritten.merge(peer, -bytes, Integer::sum);
  }

  @Override
  public void onPublication(long mask, byte[] bytes) {
    Publication publication = world.ledger().read(bytes);
    world.trace(() -> "%s takes %s".formatted(this, publication));
    world.invariants().onTaken(this, publication);
    long own = incarnation;
    for (SimLoop loop : loops) {
      if ((mask & 1L << loop.index()) != 0) {
        long at = world.time().now();
        loop.lane().post(hop(), () -> loop.deliver(publication, own, at));
      }
    }
  }

  // The bug is only that it comes twice: not that it is old, or of a stranger.
  private void takeAgain(byte[] bytes) {
    Publication publication = world.ledger().read(bytes);
    long age = world.time().now() - publication.sentAt();
    if (view.contains(publication.incarnation()) && age < Plan.AGE_MAX.toNanos()) {
      onPublication(-1, bytes);
    }
  }

  @Override
  public void onQuestion(byte[] bytes, Consumer<byte[]> answer) {
    var question = ByteBuffer.wrap(bytes);
    world.invariants().onQuestion(this, question.getLong());
    long hash = question.getLong();
    List<Long> sessions = new ArrayList<>();
    ask(0, hash, sessions, answer);
  }

  // One loop after the other; the answer is what all of them know.
  private void ask(int index, long hash, List<Long> sessions, Consumer<byte[]> answer) {
    if (index == loops.size()) {
      peerLane.post(
          hop(),
          () -> {
            var bytes = ByteBuffer.allocate(sessions.size() * Long.BYTES);
            sessions.forEach(bytes::putLong);
            answer.accept(chance.once(world.busy() ? 0.02 : 0) ? null : bytes.array());
            turn();
          });
    } else {
      SimLoop loop = loops.get(index);
      loop.lane()
          .post(
              hop(),
              () -> {
                sessions.addAll(loop.present(hash));
                ask(index + 1, hash, sessions, answer);
              });
    }
  }

  @Override
  public void onGap(long peer, long publications) {
    world.tally().add(Count.GAPS, publications);
    world.trace(() -> "%s gap of %d with %s".formatted(this, publications, World.name(peer)));
    world.ledger().disturbed(this, peer);
    world.invariants().onGap(this, peer, publications);
  }

  @Override
  public PresenceListener presenceListener() {
    return this;
  }

  @Override
  public void onJoined(long mask, String channel, Member member) {
    presence.onJoined(channel, member);
  }

  @Override
  public void onLeft(long mask, String channel, Member member) {
    presence.onLeft(channel, member);
  }

  @Override
  public void onRoster(long peer, byte[] message) {}

  @Override
  public void onRepair(long peer) {}

  @Override
  public void onStrange(long peer, String what) {
    throw new Violation(Invariant.NO_SURPRISE, "%s hears from %s: %s".formatted(this, peer, what));
  }

  // ---- what others look at

  /// How long a task takes to get to another thread of the node.
  long hop() {
    return chance.once(0.99)
        ? chance.between(Timeline.MICRO, 100 * Timeline.MICRO)
        : chance.between(Timeline.MILLI, Invariants.HOP_MAX);
  }

  long nextOrder() {
    return ++order;
  }

  Peers peers() {
    return peers;
  }

  SimPresence presence() {
    return presence;
  }

  PeerMeters meters() {
    return meters;
  }

  Lane peerLane() {
    return peerLane;
  }

  List<SimLoop> loops() {
    return loops;
  }

  Chance chance() {
    return chance;
  }

  Set<Long> view() {
    return view;
  }

  long incarnation() {
    return incarnation;
  }

  boolean alive() {
    return alive;
  }

  boolean paused() {
    return paused;
  }

  /// Whether it takes new sessions.
  boolean ready() {
    return ready && alive && !paused;
  }

  boolean leaving() {
    return leaving;
  }

  /// Whether it has said good-bye to its peers.
  boolean left() {
    return left;
  }

  long wokeAt() {
    return wokeAt;
  }

  /// When it last noticed that time passes.
  long tickedAt() {
    return tickedAt;
  }

  /// Whether the two are members together as far as both know, and were for a lease.
  boolean inOneViewWith(SimNode other) {
    return sees(other) && other.sees(this);
  }

  private boolean sees(SimNode other) {
    Long since = forgotten.get(other.incarnation);
    return view.contains(other.incarnation)
        && (since == null || world.time().now() - since > 2 * Plan.LEASE.toNanos());
  }

  /// Whether by its own clock it may rely on what the other one told it.
  boolean holdsLeaseOf(SimNode other) {
    for (PeerView peer : peers.views()) {
      if (peer.incarnation() == other.incarnation) {
        return peer.leaseHeld();
      }
    }
    return false;
  }

  /// Whether a channel or user is established on any loop.
  boolean established(long hash) {
    return loops.stream().anyMatch(loop -> loop.established(hash));
  }

  @Override
  public String toString() {
    return "n" + slot + "/" + World.name(incarnation);
  }
}
