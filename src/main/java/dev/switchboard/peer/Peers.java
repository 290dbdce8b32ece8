package dev.switchboard.peer;

import dev.switchboard.interest.Confirmations;
import dev.switchboard.interest.InterestOutbox;
import dev.switchboard.interest.LocalInterest;
import dev.switchboard.link.BadLinkMessageException;
import dev.switchboard.link.Item;
import dev.switchboard.link.LinkCodec;
import dev.switchboard.link.LinkMessage;
import dev.switchboard.link.PeerLink;
import dev.switchboard.peer.PeerReply.Reason;
import dev.switchboard.presence.Presence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The other nodes of the cluster as this one sees them. Confined to the peer loop, unless said.
///
/// One [Peer] per member. This node's interest goes out to all of them, publications to those that
/// are interested, questions to one. Every turn of the loop ends with [#flush].
public final class Peers {
  private static final Reservation NOBODY = new Reservation.Nobody();
  private static final Reservation BUSY = new Reservation.Busy();

  private final PeerSettings settings;
  private final PeerHost host;
  private final LongSupplier nanos;
  private final LinkCodec codec;
  private final PeerMeters meters;
  private final LocalInterest local = new LocalInterest();
  private final Presence presence;
  private final Confirmations confirmations = new Confirmations();
  // Versions of this node's interest that not every peer knows, and when they were made.
  private final NavigableMap<Long, Long> unconfirmed = new TreeMap<>();
  private final Map<Long, Peer> byIncarnation = new HashMap<>();
  private volatile Peer[] peers = {};
  private volatile boolean resynchronising;
  private volatile boolean left;
  private long own;
  private long generations = 1;
  private long confirmed;
  // When the peer loop last showed that it runs; written there, read on any thread.
  private volatile long tickedAt;

  /// @param nanos a clock that never goes back; read on any thread
  public Peers(
      PeerSettings settings,
      PeerHost host,
      LongSupplier nanos,
      LinkCodec codec,
      PeerMeters meters) {
    this.settings = settings;
    this.host = host;
    this.nanos = nanos;
    this.codec = codec;
    this.meters = meters;
    this.presence = new Presence(host.presenceListener());
    this.tickedAt = nanos.getAsLong();
  }

  // ---- any thread

  /// Whether any other node has a subscriber or a session for this hash. Any thread.
  public boolean isWanted(long hash) {
    for (Peer peer : peers) {
      if (peer.wants(hash)) {
        return true;
      }
    }
    return false;
  }

  /// The nodes that have a subscriber or a session for this hash. Any thread.
  public List<Long> interested(long hash) {
    return Arrays.stream(peers)
        .filter(peer -> peer.wants(hash))
        .map(peer -> peer.link().peer())
        .toList();
  }

  /// All other nodes. Any thread.
  public List<Long> members() {
    return Arrays.stream(peers).map(peer -> peer.link().peer()).toList();
  }

  /// Room for an item with every node that is interested, or with none. Any thread, no lock.
  ///
  /// @param size as [Item#size]
  public Reservation reserve(long hash, int size) {
    if (resynchronising()) {
      return BUSY;
    }
    List<Peer> held = new ArrayList<>();
    for (Peer peer : peers) {
      if (peer.wants(hash)) {
        if (!peer.tryReserve(size)) {
          held.forEach(other -> other.unreserve(size));
          return BUSY;
        }
        held.add(peer);
      }
    }
    return held.isEmpty() ? NOBODY : new Reservation.Held(held);
  }

  /// Room for an item that the receivers find in the log too: with every interested node that has
  /// room, while the others are told to look there. Any thread, no lock.
  ///
  /// @param size as [Item#size]
  public Reservation reserveHint(long hash, int size) {
    // Without knowing who is interested, everybody may be.
    boolean blind = resynchronising();
    List<Peer> held = new ArrayList<>();
    for (Peer peer : peers) {
      boolean wants = peer.wants(hash);
      if (wants && peer.tryReserve(size)) {
        held.add(peer);
      } else if (wants || blind || !peer.isHeard()) {
        peer.oweRepair();
      }
    }
    return held.isEmpty() ? NOBODY : new Reservation.Held(held);
  }

  /// Whether this node does not know its peers' interest: it slept for longer than a lease and was
  /// not told anew yet, or it has said good-bye. It must not accept a publication. Any thread.
  public boolean resynchronising() {
    return resynchronising || left || slept();
  }

  // A publisher may wake before the peer loop does.
  private boolean slept() {
    return peers.length > 0 && nanos.getAsLong() - tickedAt > settings.link().lease().toNanos();
  }

  /// Whether what every member says is known, and every member knows this node. Any thread.
  public boolean inStep() {
    for (Peer peer : peers) {
      if (!peer.isInStep()) {
        return false;
      }
    }
    return !resynchronising();
  }

  /// Bytes under way to all peers. Any thread.
  public long windowsUsed() {
    return Arrays.stream(peers).mapToLong(peer -> peer.link().windowUsed()).sum();
  }

  // ---- peer loop

  /// Says who the members are now.
  ///
  /// Another incarnation of this node means that it joined anew: all links start over.
  public void onMembers(long incarnation, Set<Long> others) {
    Set<Long> gone = new HashSet<>(byIncarnation.keySet());
    if (incarnation == own) {
      gone.removeAll(others);
    }
    own = incarnation;
    presence.incarnation(own);
    gone.forEach(peer -> byIncarnation.remove(peer).close());
    for (long other : others) {
      byIncarnation.computeIfAbsent(other, this::meet);
    }
    peers = byIncarnation.values().toArray(Peer[]::new);
    resynchronising &= peers.length > 0;
  }

  private Peer meet(long incarnation) {
    var ends = new PeerLink.Ends(own, incarnation, generations++);
    var around =
        new PeerLink.Surroundings(settings.link(), nanos, codec, host::send, meters.links());
    var peer =
        new Peer(this, listener -> new PeerLink(ends, around, listener), new InterestOutbox(local));
    // Greets at once, not only with the next beat.
    peer.link().onTick();
    return peer;
  }

  /// Takes in what came to this node's address from whoever sent it.
  public void onBytes(byte[] bytes) {
    LinkMessage message;
    try {
      message = codec.decode(bytes);
    } catch (BadLinkMessageException refused) {
      meters.onRefused(refused.reason());
      return;
    }
    Peer peer = byIncarnation.get(message.header().from());
    if (peer == null || message.header().to() != own) {
      meters.onFenced();
    } else {
      peer.link().onMessage(message);
    }
  }

  /// The heartbeat.
  public void onTick() {
    long now = nanos.getAsLong();
    resynchronising |= slept();
    tickedAt = now;
    for (Peer peer : peers) {
      peer.onTick(now);
    }
    if (resynchronising) {
      resynchronising = !Arrays.stream(peers).allMatch(Peer::isHeard);
    }
    flush();
    // After the turn: what is compared has to be what was told.
    for (Peer peer : peers) {
      peer.compare(now);
    }
  }

  /// Ends a turn of the loop: tells the peers what changed, and confirms what they know.
  public void flush() {
    long before = local.version();
    var delta = local.endTurn();
    presence.endTurn();
    if (local.version() > before) {
      unconfirmed.put(local.version(), now());
    }
    for (Peer peer : peers) {
      peer.flush(delta);
    }
    confirm();
  }

  private void confirm() {
    long floor = local.version();
    for (Peer peer : peers) {
      if (peer.isWaitedFor()) {
        floor = Math.min(floor, peer.knownVersion());
      }
    }
    confirmed = Math.max(confirmed, floor);
    unconfirmed.headMap(confirmed, true).clear();
    confirmations.advance(confirmed);
  }

  /// For how long claims have waited for a peer that knows this version and no later one, in
  /// nanoseconds.
  long keptWaiting(long knownVersion) {
    Map.Entry<Long, Long> next = unconfirmed.higherEntry(knownVersion);
    return next == null ? 0 : now() - next.getValue();
  }

  /// A loop of this node has a first subscriber or session for a hash.
  ///
  /// @param confirmed run on the peer loop once every peer knows, at the end of a turn
  public void claim(long hash, int loop, Runnable onConfirmed) {
    local.add(hash, loop);
    confirmations.await(local.claimVersion(), onConfirmed);
  }

  /// A loop of this node has none any more.
  public void release(long hash, int loop) {
    local.remove(hash, loop);
  }

  /// Sends a publication to the nodes whose windows have room reserved for it.
  ///
  /// @param item made by [#publication]
  public void publish(Reservation.Held reservation, Item item) {
    for (Peer peer : reservation.peers()) {
      peer.link().send(item);
    }
  }

  /// Gives back the room of a publication that is not sent after all. Any thread.
  public void forget(Reservation.Held reservation, Item item) {
    reservation.peers().forEach(peer -> peer.unreserve(item.size()));
  }

  /// A publication as an item; its size is what has to be reserved. Any thread.
  ///
  /// @param publication encoded by routing
  public static Item publication(long hash, byte[] publication) {
    return new Item(true, PeerItemCodec.encode(new PeerItem.Publish(hash, publication)));
  }

  /// Asks another node.
  ///
  /// @param ageing whether the question is worthless after `link.age_max`
  /// @param onReply called once on the peer loop
  public void ask(long incarnation, byte[] question, boolean ageing, Consumer<PeerReply> onReply) {
    Peer peer = byIncarnation.get(incarnation);
    if (peer == null) {
      onReply.accept(new PeerReply.Unanswered(Reason.GONE));
    } else {
      peer.ask(question, ageing, onReply);
    }
  }

  /// Takes part in agreeing on the roster; may be lost.
  public void sayRoster(long incarnation, byte[] message) {
    Peer peer = byIncarnation.get(incarnation);
    if (peer != null) {
      peer.sayRoster(message);
    }
  }

  /// Whether this node may rely on what a peer told it: it heard from it within a lease.
  public boolean isHeard(long incarnation) {
    Peer peer = byIncarnation.get(incarnation);
    return peer != null && peer.link().leaseHeld();
  }

  /// Tells all peers that this node has no sessions any more and will not be back.
  public void leave() {
    left = peers.length > 0;
    for (Peer peer : peers) {
      peer.sayLeaving();
    }
    flush();
  }

  /// Ends everything: nothing goes out or comes in from here on.
  public void close() {
    onMembers(own, Set.of());
    flush();
  }

  void onPublish(PeerItem.Publish publish) {
    long loops = local.loops(publish.hash());
    if (loops == 0) {
      meters.onUninterested();
    } else {
      host.onPublication(loops, publish.publication());
    }
  }

  /// How many channels and users this node has.
  public int interest() {
    return local.size();
  }

  /// A digest of those, equal to what each peer has of this node.
  public long digest() {
    return local.digest();
  }

  /// Each peer as it is now.
  public List<PeerView> views() {
    return Arrays.stream(peers).map(Peer::view).toList();
  }

  /// Who is on the channels that this node has subscribers of.
  public Presence presence() {
    return presence;
  }

  PeerSettings settings() {
    return settings;
  }

  PeerHost host() {
    return host;
  }

  long now() {
    return nanos.getAsLong();
  }

  long confirmedVersion() {
    return confirmed;
  }
}
