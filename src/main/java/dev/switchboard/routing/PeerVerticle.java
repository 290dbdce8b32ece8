package dev.switchboard.routing;

import dev.switchboard.cluster.Member;
import dev.switchboard.cluster.Membership;
import dev.switchboard.cluster.MembershipListener;
import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.StartException;
import dev.switchboard.interest.RouteHash;
import dev.switchboard.link.LinkCodec;
import dev.switchboard.link.LinkSettings;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.PeerCounts;
import dev.switchboard.peer.PeerHost;
import dev.switchboard.peer.PeerMeters;
import dev.switchboard.peer.PeerSettings;
import dev.switchboard.peer.PeerView;
import dev.switchboard.peer.Peers;
import dev.switchboard.presence.PresenceDesk;
import dev.switchboard.presence.PresenceListener;
import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.Standing;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The peer loop: where this node speaks with the others, over one address of the event bus.
///
/// Decisions are those of [Peers], which knows no Vert.x; this moves bytes and time. What comes
/// from other threads waits in a mailbox, and what a turn of the loop has to say leaves at its end.
public final class PeerVerticle extends VerticleBase implements PeerHost, RouteKey.Claims {
  private static final Logger LOG = LoggerFactory.getLogger(PeerVerticle.class);
  private static final int QUESTIONS_MAX = 10_000;
  // Longer than a node that hangs stays a member.
  private static final Duration START_PATIENCE = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration DIGEST_INTERVAL = Duration.ofSeconds(3);

  private final Membership membership;
  private final MessageRouter router;
  private final Loops loops;
  private final Stay stay;
  private final RouteHash hashes;
  private final Peers peers;
  private final PresenceDesk presence;
  private final PeerQuestions questions;
  private final PeerPublications publications;
  private final Elections elections;
  private final Outside outside;
  private Mailbox mailbox;
  private PeerBus bus;
  private final Promise<Void> inStep = Promise.promise();
  private boolean membersKnown;
  private boolean renewed = true;
  private boolean turnOpen;
  // The message of another node that is being taken in, from System.nanoTime().
  private long arrivedAt;
  private boolean checkDue;

  /// What it reports to.
  ///
  /// @param loop index that the heartbeat knows this loop by
  /// @param health says whether new sockets are taken
  /// @param meters counts what happens on links
  public record Outside(int loop, NodeHealth health, GatewayMetrics metrics, PeerMeters meters) {}

  /// @param membership who the other nodes are
  /// @param router the door to this node's sessions
  public PeerVerticle(
      GatewayConfig config, Membership membership, MessageRouter router, Outside outside) {
    this.membership = membership;
    this.router = router;
    this.loops = router.loops();
    this.stay = new Stay(Membership.EXPELLED_AFTER, PATIENCE, System.nanoTime());
    this.outside = outside;
    byte[] key = config.cluster().key().reveal().getBytes(StandardCharsets.UTF_8);
    this.hashes = new RouteHash(key);
    this.peers =
        new Peers(settings(config), this, System::nanoTime, new LinkCodec(key), outside.meters());
    Consumer<Runnable> peerLoop = work -> mailbox.post(work);
    this.presence = new PresenceDesk(peerLoop::accept, peers.presence(), hashes::channel);
    this.questions = new PeerQuestions(peers, loops, peerLoop, router::answer);
    this.publications = new PeerPublications(peers, loops, hashes, peerLoop);
    this.elections = new Elections(config, peers);
  }

  private static PeerSettings settings(GatewayConfig config) {
    var link = config.link();
    return new PeerSettings(
        new LinkSettings(
            link.windowBytes(), link.ageMax(), link.lease(), config.heartbeat().interval()),
        config.cluster().requestTimeout(),
        QUESTIONS_MAX,
        DIGEST_INTERVAL);
  }

  @Override
  public Future<?> start() {
    mailbox = new Mailbox(context, this::flush);
    vertx
        .eventBus()
        .<Long>localConsumer(
            Addresses.heartbeat(outside.loop()),
            beat -> {
              onTick();
              beat.reply(beat.body());
            });
    vertx.setTimer(START_PATIENCE.toMillis(), _ -> inStep.tryFail(notInStep()));
    bus = new PeerBus(vertx, this::onMessage);
    return bus.listen(membership.incarnation())
        .onSuccess(_ -> membership.listen(context, new Members()));
  }

  private StartException notInStep() {
    String silent =
        peers.views().stream()
            .filter(peer -> !peer.leaseHeld() || !peer.leaseGranted())
            .map(peer -> uid(peer.incarnation()))
            .collect(Collectors.joining(", "));
    return StartException.of(
        "cluster.key",
        "or cluster.tls.* or a network keeps this node from speaking with %s on the event bus"
            .formatted(silent),
        null);
  }

  private void onTick() {
    long now = System.nanoTime();
    if (stay.onTick(now, membersKnown && !peers.members().isEmpty())) {
      LOG.warn("this node slept for too long: its sessions go, and it waits to be a member again");
      endSessions(membership.incarnation());
    }
    loops.handOver();
    peers.onTick();
    elections.onTick();
    if (checkDue) {
      checkDue = false;
      loops.check();
    }
    if (stay.resume(now, renewed && peers.inStep())) {
      outside.health().suspended(false);
      LOG.info("this node takes sockets again");
    }
    outside.metrics().onPeers(counts(peers.views()));
    if (membersKnown && peers.inStep()) {
      inStep.tryComplete();
    }
  }

  private PeerCounts counts(List<PeerView> views) {
    return new PeerCounts(
        views.size() + 1,
        (int) views.stream().filter(PeerView::open).count(),
        (int) views.stream().filter(PeerView::leaseHeld).count(),
        peers.interest(),
        views.stream().mapToLong(PeerView::windowUsed).sum());
  }

  /// What this node knows of the others, as they should know of it. Any thread.
  public Future<RoutesView> routes() {
    Promise<RoutesView> view = Promise.promise();
    mailbox.post(
        () ->
            view.complete(
                new RoutesView(
                    membership.incarnation(),
                    peers.interest(),
                    peers.digest(),
                    peers.views(),
                    elections.standing().roster().map(Roster::version).orElse(0L),
                    elections.standing().quorum())));
    return Loops.onCaller(view.future());
  }

  /// Completes when this node and all members know each other's interest, or fails when that takes
  /// too long. Any thread.
  public Future<Void> inStep() {
    return inStep.future();
  }

  /// Nobody who came before stays: other nodes have forgotten them.
  private void endSessions(long incarnation) {
    outside.health().suspended(true);
    renewed = false;
    router.renew(incarnation).onComplete(_ -> renewed = true);
  }

  /// Other incarnations come and go; called on this loop.
  private final class Members implements MembershipListener {
    @Override
    public void onMembers(long own, Set<Member> others) {
      Set<Long> incarnations =
          others.stream().map(Member::incarnation).collect(Collectors.toUnmodifiableSet());
      bus.retain(incarnations);
      // Whoever is gone may have owed publications of streams.
      checkDue = true;
      peers.onMembers(own, incarnations);
      elections.onMembers(
          own,
          membership.oldestFirst().stream()
              .filter(node -> node == own || incarnations.contains(node))
              .toList());
      membersKnown = true;
      endTurn();
    }

    @Override
    public void onMerged(long own) {
      LOG.warn("this node merged into another cluster: its sessions go, and it begins anew");
      stay.onMerged(System.nanoTime());
      endSessions(own);
      bus.listen(own);
    }
  }

  private void onMessage(Message<Object> message) {
    arrivedAt = System.nanoTime();
    // Whoever reaches the bus can send anything here; the link's signature tells who may speak.
    peers.onBytes(message.body() instanceof Buffer buffer ? buffer.getBytes() : new byte[0]);
    endTurn();
  }

  /// Lets what else is due on this loop join the turn before it is flushed.
  private void endTurn() {
    if (!turnOpen) {
      turnOpen = true;
      context.runOnContext(_ -> flush());
    }
  }

  private void flush() {
    turnOpen = false;
    loops.handOver();
    peers.flush();
  }

  /// All other nodes. Any thread.
  List<Long> members() {
    return peers.members();
  }

  /// The nodes that claimed a key. Any thread.
  List<Long> interested(RouteKey key) {
    return peers.interested(hash(key));
  }

  private long hash(RouteKey key) {
    return switch (key) {
      case RouteKey.Channel(var name) -> hashes.channel(name);
      case RouteKey.User(var id) -> hashes.user(id);
    };
  }

  /// Who is on which channel, as this node knows it.
  PresenceDesk presence() {
    return presence;
  }

  /// What nodes ask each other.
  PeerQuestions questions() {
    return questions;
  }

  /// Publications between nodes.
  PeerPublications publications() {
    return publications;
  }

  /// What is known of the nodes that count. Any thread.
  public Standing standing() {
    return elections.standing();
  }

  /// Gives up the nodes that are missing; see [MessageRouter#resetQuorum]. Any thread.
  Future<Boolean> resetQuorum() {
    Promise<Boolean> done = Promise.promise();
    mailbox.post(() -> done.complete(elections.startOver()));
    return Loops.onCaller(done.future());
  }

  /// Asks a node to give up a shard of the streams. Any thread.
  ///
  /// @return fails when it does not, or not yet
  public Future<GaveUp> ask(long holder, GiveUp question) {
    return questions.ask(holder, question);
  }

  /// Whether it is not known at the moment who is interested. Any thread.
  boolean resynchronising() {
    return peers.resynchronising();
  }

  @Override
  public void claim(RouteKey key, Inbox inbox, Runnable confirmed) {
    long hash = hash(key);
    mailbox.post(() -> peers.claim(hash, inbox.loop(), () -> loops.run(inbox, confirmed)));
  }

  @Override
  public void release(RouteKey key, Inbox inbox) {
    long hash = hash(key);
    mailbox.post(() -> peers.release(hash, inbox.loop()));
  }

  @Override
  public void send(long peer, byte[] message, Consumer<Boolean> written) {
    bus.send(peer, message, written);
  }

  @Override
  public void onPublication(long mask, byte[] publication) {
    publications.onPublication(mask, publication, arrivedAt);
  }

  @Override
  public void onQuestion(byte[] question, Consumer<byte[]> answer) {
    questions.onQuestion(
        question,
        bytes -> {
          answer.accept(bytes);
          endTurn();
        });
  }

  @Override
  public void onGap(long peer, long publications) {
    LOG.debug("{} publications of or for node {} were dropped", publications, uid(peer));
    checkDue = true;
  }

  @Override
  public void onRoster(long peer, byte[] message) {
    elections.onMessage(peer, message);
  }

  @Override
  public void onRepair(long peer) {
    checkDue = true;
  }

  @Override
  public PresenceListener presenceListener() {
    return loops;
  }

  @Override
  public void onStrange(long peer, String what) {
    LOG.warn("node {} is of another version: {}", uid(peer), what);
  }

  private static String uid(long incarnation) {
    return "%016x".formatted(incarnation);
  }

  @Override
  public Future<?> stop() {
    return new Farewell(vertx, elections, peers).say();
  }
}
