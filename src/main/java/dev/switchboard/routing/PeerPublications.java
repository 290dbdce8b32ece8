package dev.switchboard.routing;

import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.interest.RouteHash;
import dev.switchboard.link.Item;
import dev.switchboard.peer.Peers;
import dev.switchboard.peer.Reservation;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Push;
import dev.switchboard.session.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publications between nodes: those of this node that go to who is interested, and those that
/// arrive.
///
/// They go out from any thread, and arrive on the peer loop.
final class PeerPublications {
  private static final Logger LOG = LoggerFactory.getLogger(PeerPublications.class);

  private final Peers peers;
  private final Loops loops;
  private final RouteHash hashes;
  private final Consumer<Runnable> peerLoop;

  /// @param hashes by which nodes name channels to each other
  /// @param peerLoop has work done on the peer loop; from any thread
  PeerPublications(Peers peers, Loops loops, RouteHash hashes, Consumer<Runnable> peerLoop) {
    this.peers = peers;
    this.loops = loops;
    this.hashes = hashes;
    this.peerLoop = peerLoop;
  }

  /// Sends a publication to every node that is interested. Any thread.
  ///
  /// @param acceptedAt when the gateway took it, from `System.nanoTime()`
  /// @throws BusyException when that is not possible now; then no node gets it
  void publish(Push.Publish push, long acceptedAt) {
    Booked booked = book(push);
    if (booked != null) {
      send(booked, acceptedAt);
    }
  }

  /// Sends the forms of one publication, each to every node that is interested in its channel. Any
  /// thread.
  ///
  /// @param acceptedAt when the gateway took it, from `System.nanoTime()`
  /// @throws BusyException when that is not possible now for all; then no node gets any
  void publish(List<Push.Publish> forms, long acceptedAt) {
    List<Booked> all = new ArrayList<>(forms.size());
    try {
      for (Push.Publish form : forms) {
        Booked booked = book(form);
        if (booked != null) {
          all.add(booked);
        }
      }
    } catch (BusyException busy) {
      all.forEach(booked -> peers.forget(booked.room(), booked.item()));
      throw busy;
    }
    all.forEach(booked -> send(booked, acceptedAt));
  }

  /// A publication with room for it in the windows of those who want it.
  private record Booked(Reservation.Held room, Item item) {}

  /// Null when no other node wants it.
  private Booked book(Push.Publish push) {
    long hash = hashes.channel(push.channel());
    if (!peers.isWanted(hash)) {
      if (peers.resynchronising()) {
        throw new BusyException("this node slept and is learning anew who is interested");
      }
      return null;
    }
    Item item = Peers.publication(hash, PublicationCodec.encode(push));
    return switch (peers.reserve(hash, item.size())) {
      case Reservation.Nobody() -> null;
      case Reservation.Busy() ->
          throw new BusyException("a node's link.window_bytes are full, or this node slept");
      case Reservation.Held held -> new Booked(held, item);
    };
  }

  private void send(Booked booked, long acceptedAt) {
    peerLoop.accept(
        () -> {
          // The link counts the age from here on: a node that slept on the way here must not renew
          // it.
          if (loops.isTooOld(acceptedAt)) {
            peers.forget(booked.room(), booked.item());
          } else {
            peers.publish(booked.room(), booked.item());
          }
        });
  }

  /// Sends a publication of a stream to every node that is interested and has room; the others are
  /// told to look into the log. Any thread.
  void publish(StreamEnvelope envelope) {
    long hash = hashes.channel(envelope.channel());
    if (!peers.isWanted(hash) && !peers.resynchronising()) {
      return;
    }
    var push = new Push.Publish(envelope.channel(), envelope.publication());
    hint(hash, PublicationCodec.encode(push, envelope.epoch(), envelope.deltas()));
  }

  /// Sends a publication that could be sent elsewhere to every node that is interested and has
  /// room. Any thread.
  void offer(Push.Publish push) {
    long hash = hashes.channel(push.channel());
    if (peers.isWanted(hash)) {
      hint(hash, PublicationCodec.encode(push));
    }
  }

  private void hint(long hash, byte[] publication) {
    Item item = Peers.publication(hash, publication);
    if (peers.reserveHint(hash, item.size()) instanceof Reservation.Held held) {
      peerLoop.accept(() -> peers.publish(held, item));
    }
  }

  /// Another node sends a publication; what has no stream waits for the end of the loop's turn.
  ///
  /// @param mask bit `n` for the event loop with index `n`
  /// @param arrivedAt when its message came, from `System.nanoTime()`
  void onPublication(long mask, byte[] publication, long arrivedAt) {
    try {
      var published = PublicationCodec.decode(publication);
      var push = published.push();
      if (published.epoch().isEmpty()) {
        loops.keep(mask, new Envelope(push, arrivedAt));
      } else {
        loops.deliver(
            mask,
            new StreamEnvelope(
                push.channel(),
                new StreamEnvelope.Kept(published.epoch(), push.publication(), published.deltas()),
                arrivedAt));
      }
    } catch (MalformedException strange) {
      LOG.debug("a publication of another version", strange);
    }
  }
}
