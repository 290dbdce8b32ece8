package dev.switchboard.peer;

import dev.switchboard.interest.AcknowledgedVersion;
import dev.switchboard.interest.BadInterestException;
import dev.switchboard.interest.InterestCodec;
import dev.switchboard.interest.InterestNews;
import dev.switchboard.interest.InterestOutbox;
import dev.switchboard.interest.PeerInterest;
import dev.switchboard.link.Item;
import dev.switchboard.link.LinkListener;
import dev.switchboard.link.PeerLink;
import dev.switchboard.presence.PresencePeer;
import dev.switchboard.protocol.MalformedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Function;

/// One other node: the link to it, what it is interested in, what it was asked. Peer loop.
///
/// Only [#wants], [#tryReserve], [#unreserve] and [#oweRepair] are for any thread.
final class Peer implements LinkListener {
  // Answers are small or few; who asks more than this at once waits in vain.
  private static final int ANSWERS_WAITING_MAX = 1_000;

  /// Part of the window beyond which members of large channels wait.
  private static final int PRESENCE_SHARE = 4;

  private final Peers owner;
  private final PeerLink link;
  private final PeerInterest interest = new PeerInterest();
  private final InterestOutbox outbox;
  private final AcknowledgedVersion known = new AcknowledgedVersion();
  private final PresencePeer presence;
  private final Questions questions;
  private final Deque<Item> answers = new ArrayDeque<>();
  // Of the link, with which the peer has been told everything once; 0 while it has not.
  private long completedAt;
  private long comparedAt;
  // Since when it was last given time to learn of the newest claims.
  private long catchesUpSince;
  private long openings;
  private volatile boolean leaving;
  private volatile boolean repairOwed;

  /// @param link makes the link that reports to this peer
  Peer(Peers owner, Function<LinkListener, PeerLink> link, InterestOutbox outbox) {
    this.owner = owner;
    this.outbox = outbox;
    this.questions =
        new Questions(
            owner.settings().questionTimeout().toNanos(), owner.settings().questionsMax());
    this.comparedAt = owner.now();
    this.catchesUpSince = owner.now() - 2 * lease();
    this.link = link.apply(this);
    this.presence = owner.presence().meet(this.link.peer(), this::wants, this::tellPresence);
  }

  PeerLink link() {
    return link;
  }

  PeerInterest interest() {
    return interest;
  }

  /// Whether the node has a subscriber or a session for this hash. Any thread.
  boolean wants(long hash) {
    return !leaving && interest.contains(hash);
  }

  /// Any thread.
  boolean tryReserve(int size) {
    return link.tryReserve(size);
  }

  /// Any thread.
  void unreserve(int size) {
    link.unreserve(size);
  }

  /// Something of a stream could not be sent to the peer: it has to look into the log. Any thread.
  void oweRepair() {
    repairOwed = true;
  }

  /// Whether this node may rely on what the peer told it, or need not. Any thread.
  boolean isHeard() {
    return leaving || link.leaseHeld();
  }

  /// Whether both rely on each other, or need not. Any thread.
  boolean isInStep() {
    return leaving || link.leaseHeld() && link.leaseGranted();
  }

  /// Asks the node.
  void ask(byte[] question, boolean ageing, Consumer<PeerReply> onReply) {
    if (leaving) {
      onReply.accept(new PeerReply.Unanswered(PeerReply.Reason.GONE));
      return;
    }
    if (questions.isFull()) {
      onReply.accept(new PeerReply.Unanswered(PeerReply.Reason.BUSY));
      return;
    }
    long id = questions.add(owner.now(), onReply);
    byte[] bytes = PeerItemCodec.encode(new PeerItem.Question(id, question));
    if (!link.offer(new Item(ageing, bytes))) {
      questions.refuse(id);
    }
  }

  /// Takes part in agreeing on the roster; lost when there is no link or no room.
  void sayRoster(byte[] message) {
    if (link.open()) {
      link.offer(new Item(false, PeerItemCodec.encode(new PeerItem.Roster(message))));
    }
  }

  /// Says that this node is leaving.
  void sayLeaving() {
    link.offer(new Item(false, PeerItemCodec.encode(new PeerItem.Leaving())));
  }

  /// The end of a turn of the peer loop.
  ///
  /// @param delta what the turn changed in this node's interest
  void flush(InterestNews.Delta delta) {
    if (leaving) {
      return;
    }
    outbox.onChange(delta);
    pump();
    link.flush();
    noteSent();
  }

  private void pump() {
    if (!link.open()) {
      return;
    }
    outbox.pump(this::tell);
    if (outbox.complete() && completedAt == 0) {
      completedAt = link.sequence();
    }
    while (!answers.isEmpty() && link.offer(answers.peek())) {
      answers.remove();
    }
    long share = owner.settings().link().windowBytes() / PRESENCE_SHARE;
    while (presence.isTelling() && link.windowUsed() < share && presence.tellPart()) {
      // Publications shall find room too: the rest follows when this arrived.
    }
  }

  private boolean tellPresence(byte[] news) {
    return link.open()
        && link.offer(new Item(false, PeerItemCodec.encode(new PeerItem.Presence(news))));
  }

  private boolean tell(InterestNews news) {
    byte[] bytes = PeerItemCodec.encode(new PeerItem.Interest(InterestCodec.encode(news)));
    return link.offer(new Item(false, bytes));
  }

  private void noteSent() {
    known.sent(link.sequence(), outbox.sentVersion());
  }

  void onTick(long now) {
    if (leaving) {
      return;
    }
    repair();
    link.onTick();
    questions.expire(now);
  }

  /// At most once a tick, however much is dropped.
  private void repair() {
    if (repairOwed && link.open()) {
      // Before it is said: what is dropped from here on is owed anew.
      repairOwed = false;
      repairOwed |= !link.offer(new Item(false, PeerItemCodec.encode(new PeerItem.Repair())));
    }
  }

  /// Lets the peer compare what it knows with what this node has, now and then.
  void compare(long now) {
    if (!leaving
        && now - comparedAt > owner.settings().digestInterval().toNanos()
        && outbox.offerDigest(this::tell)) {
      comparedAt = now;
      link.flush();
    }
  }

  /// The peer is no member any more.
  void close() {
    link.close();
    questions.fail();
    presence.close();
  }

  /// Whether claims have to wait for this peer.
  ///
  /// That is while it relies on what it was told. It is waited for before that too, when it caught
  /// up or is about to; but not for longer than a lease.
  boolean isWaitedFor() {
    if (leaving) {
      return false;
    }
    return link.leaseGranted()
        || (caughtUp() || isCatchingUp()) && owner.keptWaiting(known.version()) < lease();
  }

  /// Whether it lacks only what was confirmed while it learned the rest.
  ///
  /// What a peer knows is a round trip old: if nothing waited for it, it would never know of every
  /// confirmed claim of a node that claims in each turn. It gets half a lease in every two, so that
  /// one that learns slowly does not keep all claims waiting.
  private boolean isCatchingUp() {
    return owner.now() - catchesUpSince < lease() / 2;
  }

  /// The version of this node's interest that the peer knows.
  long knownVersion() {
    return known.version();
  }

  /// Whether it was told everything, and knows of every claim that was confirmed.
  private boolean caughtUp() {
    return completedAt > 0
        && link.acknowledged() >= completedAt
        && known.version() >= owner.confirmedVersion();
  }

  @Override
  public boolean mayGrant(PeerLink from) {
    return caughtUp() && owner.keptWaiting(known.version()) < lease() / 2;
  }

  private long lease() {
    return owner.settings().link().lease().toNanos();
  }

  @Override
  public void onOpened(PeerLink from) {
    openings++;
    outbox.onOpened();
    interest.onOpened();
    presence.onOpened();
    known.reset();
    completedAt = 0;
    answers.clear();
    questions.fail();
    owner.host().onRepair(link.peer());
  }

  @Override
  public void onItem(PeerLink from, byte[] bytes) {
    try {
      switch (PeerItemCodec.decode(bytes)) {
        case PeerItem.Publish publish -> owner.onPublish(publish);
        case PeerItem.Interest(byte[] news) -> onInterest(InterestCodec.decode(news));
        case PeerItem.Presence(byte[] news) -> presence.onNews(news);
        case PeerItem.Question question -> onQuestion(question);
        case PeerItem.Answer answer -> questions.onAnswer(answer);
        case PeerItem.Roster(byte[] message) -> owner.host().onRoster(link.peer(), message);
        case PeerItem.Repair() -> owner.host().onRepair(link.peer());
        case PeerItem.Leaving() -> onLeaving();
      }
    } catch (UnknownItemException | BadInterestException | MalformedException strange) {
      owner.host().onStrange(link.peer(), strange.getMessage());
    }
  }

  private void onQuestion(PeerItem.Question question) {
    long opening = openings;
    owner
        .host()
        .onQuestion(
            question.question(),
            answer -> {
              // An end that is new counts its questions anew: it did not ask this one.
              if (opening == openings) {
                answer(question.id(), answer);
              }
            });
  }

  /// Nothing reaches it any more, though it may stay a member until its share of data moved.
  private void onLeaving() {
    // It waits for the acknowledgement of its farewell.
    link.flush();
    leaving = true;
    close();
  }

  private void onInterest(InterestNews news) {
    switch (news) {
      case InterestNews.Delta delta -> {
        interest.onDelta(delta);
        presence.onInterest(delta.removed());
        presence.onInterest(delta.added());
      }
      case InterestNews.Shard shard -> {
        interest.onShard(shard);
        presence.onInterestOf(shard.index());
      }
      case InterestNews.Complete() -> {
        interest.onComplete();
        presence.onInterestComplete();
      }
      case InterestNews.Digest digest -> interest.compare(digest).ifPresent(this::tell);
      case InterestNews.Wanted wanted -> outbox.onWanted(wanted);
    }
  }

  private void answer(long id, byte[] answer) {
    boolean answered = answer != null;
    var item = new PeerItem.Answer(id, answered, answered ? answer : new byte[0]);
    var bytes = new Item(false, PeerItemCodec.encode(item));
    if (bytes.size() > owner.settings().link().windowBytes() / 2) {
      // It fits no window: the asker must not wait for it.
      bytes = new Item(false, PeerItemCodec.encode(new PeerItem.Answer(id, false, new byte[0])));
    }
    if ((!answers.isEmpty() || !link.offer(bytes)) && answers.size() < ANSWERS_WAITING_MAX) {
      answers.add(bytes);
    }
  }

  @Override
  public void onAcknowledged(PeerLink from) {
    long before = known.version();
    known.onAcknowledged(link.acknowledged());
    long now = owner.now();
    if (known.version() > before && !caughtUp() && now - catchesUpSince >= 2 * lease()) {
      catchesUpSince = now;
    }
  }

  @Override
  public void onRoom(PeerLink from) {
    pump();
    noteSent();
  }

  @Override
  public void onDropped(PeerLink from, long items) {
    oweRepair();
    owner.host().onGap(link.peer(), items);
  }

  @Override
  public void onIncompatible(PeerLink from, int versionMin, int versionMax) {
    owner
        .host()
        .onStrange(
            link.peer(), "it speaks link versions %d to %d".formatted(versionMin, versionMax));
  }

  PeerView view() {
    return new PeerView(
        link.peer(),
        link.open(),
        link.leaseHeld(),
        link.leaseGranted(),
        interest.size(),
        interest.digest(),
        link.windowUsed(),
        link.roundTrip());
  }
}
