package dev.switchboard.simulation;

import dev.switchboard.link.Item;
import dev.switchboard.peer.Peers;
import dev.switchboard.peer.Reservation;
import dev.switchboard.simulation.Tally.Count;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An event loop of a node, with its sessions. The model of `routing` and `channel`.
///
/// The first subscriber of a channel on the loop claims it, the last one releases it; who comes
/// while the claim is not confirmed waits with the first one.
final class SimLoop {
  private final World world;
  private final SimNode node;
  private final int index;
  private final Lane lane;
  private final List<SimSession> sessions = new ArrayList<>();
  private final Map<Long, Claim> claims = new LinkedHashMap<>();

  SimLoop(World world, SimNode node, int index) {
    this.world = world;
    this.node = node;
    this.index = index;
    this.lane = new Lane(world.time(), node);
  }

  /// What the loop has told the peer loop that it has.
  private static final class Claim {
    private final List<Subscriber> subscribers = new ArrayList<>();
    private boolean confirmed;
  }

  int index() {
    return index;
  }

  Lane lane() {
    return lane;
  }

  List<SimSession> sessions() {
    return sessions;
  }

  // ---- what clients do

  void connect(long user) {
    if (!node.ready()) {
      return;
    }
    var session = new SimSession(world.ledger().nextSession(), node, user);
    sessions.add(session);
    claim(session.user());
  }

  void subscribe(SimSession session, long hash) {
    if (!session.subscriptions().containsKey(hash)) {
      var subscriber = new Subscriber(session, hash);
      session.subscriptions().put(hash, subscriber);
      claim(subscriber);
    }
  }

  void unsubscribe(SimSession session, long hash) {
    Subscriber subscriber = session.subscriptions().remove(hash);
    if (subscriber != null) {
      release(subscriber);
    }
  }

  void close(SimSession session) {
    sessions.remove(session);
    release(session.user());
    session.subscriptions().values().forEach(this::release);
  }

  void closeAll() {
    List.copyOf(sessions).forEach(this::close);
  }

  /// Claims or releases a channel that nobody publishes to.
  void crowd(long hash, boolean take) {
    Claim claim = claims.get(hash);
    if (take && claim == null) {
      claims.put(hash, new Claim());
      claimFor(claims.get(hash), hash);
    } else if (!take && claim != null) {
      claims.remove(hash);
      releaseFor(hash);
    }
  }

  void publish(long hash, int bytes) {
    Peers peers = node.peers();
    world.invariants().checkRule(node, hash);
    Publication publication = world.ledger().publication(node, hash);
    Item item = Peers.publication(hash, world.ledger().write(publication, bytes));
    List<Long> interested = peers.interested(hash);
    Reservation reservation = peers.reserve(hash, item.size());
    world.invariants().onReserved(node, reservation);
    switch (reservation) {
      case Reservation.Nobody nobody -> world.tally().add(Count.NOBODY);
      case Reservation.Busy busy -> world.tally().add(Count.BUSY);
      case Reservation.Held held -> {
        world.tally().add(Count.PUBLISHED);
        world.ledger().expect(publication, interested);
        world.trace(
            () ->
                "%s accepts publication %d for %s, to %d subscribers"
                    .formatted(
                        node,
                        publication.id(),
                        interested.stream().map(World::name).toList(),
                        publication.expecting().size()));
        node.peerLane()
            .post(
                node.hop(),
                () -> {
                  publication.sent(world.time().now(), node.nextOrder());
                  peers.publish(held, item);
                  node.turn();
                });
      }
    }
  }

  // ---- claims

  private void claim(Subscriber subscriber) {
    Claim claim = claims.get(subscriber.hash());
    if (claim == null) {
      claim = new Claim();
      claims.put(subscriber.hash(), claim);
      claimFor(claim, subscriber.hash());
    }
    claim.subscribers.add(subscriber);
    if (claim.confirmed) {
      establish(subscriber);
    }
  }

  private void claimFor(Claim claim, long hash) {
    world.tally().add(Count.CLAIMS);
    node.peerLane()
        .post(
            node.hop(),
            () -> {
              Runnable noted = world.invariants().onClaim(node, hash);
              Runnable confirmed =
                  () -> {
                    noted.run();
                    lane.post(node.hop(), () -> confirm(claim, hash));
                  };
              node.presence().open(hash, index);
              node.peers().claim(hash, index, confirmed);
              node.turn();
            });
    if (world.planted() == Planted.REPLY_BEFORE_INTEREST) {
      lane.post(node.hop(), () -> confirm(claim, hash));
    }
  }

  private void confirm(Claim claim, long hash) {
    if (!claim.confirmed) {
      claim.confirmed = true;
      claim.subscribers.forEach(this::establish);
      if (claim.subscribers.isEmpty() && claims.get(hash) == claim && node.chance().once(0.1)) {
        world.invariants().onEstablished(node, hash);
      }
    }
  }

  private void establish(Subscriber subscriber) {
    subscriber.establish();
    tell(() -> node.presence().join(subscriber));
    world.trace(() -> "%s is established".formatted(subscriber));
    world.invariants().onEstablished(node, subscriber.hash());
  }

  private void release(Subscriber subscriber) {
    if (subscriber.established()) {
      tell(() -> node.presence().leave(subscriber));
    }
    subscriber.end();
    Claim claim = claims.get(subscriber.hash());
    claim.subscribers.remove(subscriber);
    if (claim.subscribers.isEmpty()) {
      claims.remove(subscriber.hash());
      releaseFor(subscriber.hash());
    }
  }

  private void tell(Runnable what) {
    node.peerLane()
        .post(
            node.hop(),
            () -> {
              what.run();
              node.turn();
            });
  }

  private void releaseFor(long hash) {
    node.peerLane()
        .post(
            node.hop(),
            () -> {
              node.peers().release(hash, index);
              node.presence().close(hash, index);
              node.turn();
            });
  }

  // ---- what comes from other nodes

  /// @param own incarnation of the node when it took the publication in
  void deliver(Publication publication, long own, long takenAt) {
    Claim claim = claims.get(publication.hash());
    if (claim != null && claim.confirmed) {
      for (Subscriber subscriber : claim.subscribers) {
        world.tally().add(Count.DELIVERED);
        world.invariants().onDelivered(subscriber, publication, own, takenAt);
        publication.expecting().remove(subscriber);
      }
    }
  }

  /// Ids of the sessions that are subscribed to a channel or belong to a user.
  List<Long> present(long hash) {
    Claim claim = claims.get(hash);
    return claim == null
        ? List.of()
        : claim.subscribers.stream()
            .filter(Subscriber::established)
            .map(subscriber -> subscriber.session().id())
            .toList();
  }

  boolean established(long hash) {
    Claim claim = claims.get(hash);
    return claim != null && claim.confirmed;
  }

  /// Every channel and user that is established here.
  List<Long> established() {
    return claims.entrySet().stream()
        .filter(entry -> entry.getValue().confirmed)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Every channel and user that is claimed, confirmed or not.
  Iterable<Long> claimed() {
    return claims.keySet();
  }

  List<Subscriber> subscribers(long hash) {
    Claim claim = claims.get(hash);
    return claim == null ? List.of() : claim.subscribers;
  }
}
