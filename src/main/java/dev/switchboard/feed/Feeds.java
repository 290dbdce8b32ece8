package dev.switchboard.feed;

import dev.switchboard.channel.Audience;
import dev.switchboard.channel.Cursor;
import dev.switchboard.channel.Feed;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Publication;
import dev.switchboard.session.Envelope;
import dev.switchboard.session.Session;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.StreamException;
import dev.switchboard.wire.SocketLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The streams that one event loop's sessions follow. Confined to that loop.
///
/// What comes for a channel goes through its audience's [Cursor], and so to everybody in the order
/// of the log. This carries out what cursors ask for and looks after streams that fell silent: the
/// last publication may be the one that was lost. [Joinings] leads new subscribers in.
public final class Feeds {
  private static final int SILENCE_MILLIS = 30_000;
  private static final int ROUND_MILLIS = 5_000;
  private static final int CHECKS_MAX = 256;

  private final Outside outside;
  private final Subscriptions<Session> subscriptions;
  private final Streams streams;
  private final Joinings joinings;
  private final Set<Audience<Session>> waiting = new LinkedHashSet<>();
  private int reading;
  private int unchecked;
  private boolean checking;
  private int next;
  private int scannedAt = SocketLoop.nowMillis();

  /// What it reports to, on the same loop.
  ///
  /// @param delivered is given each publication that was sent as it came
  /// @param missing ends a subscription whose client has missed something, and tells the client
  public record Outside(Consumer<Envelope> delivered, Consumer<Subscription<Session>> missing) {}

  /// @param replyBytesMax of publications in one reply
  public Feeds(
      Outside outside, Subscriptions<Session> subscriptions, Streams streams, long replyBytesMax) {
    this.outside = outside;
    this.subscriptions = subscriptions;
    this.streams = streams;
    this.joinings = new Joinings(this, subscriptions, streams, replyBytesMax);
  }

  /// What a failed read or write of a stream is to a client.
  public static ErrorCode codeOf(StreamException failure) {
    return switch (failure.reason()) {
      case FULL -> ErrorCode.TOO_MANY_REQUESTS;
      case NO_QUORUM, INDETERMINATE, UNAVAILABLE -> ErrorCode.INTERNAL;
    };
  }

  /// Sends a publication of a stream to those who are due to get it, and what waited for it.
  public void deliver(StreamEnvelope envelope) {
    Audience<Session> audience = subscriptions.findAny(envelope.channel());
    if (audience == null) {
      return;
    }
    // One that is not kept has no place in the order. And to this node the channel may be no
    // stream, if its configuration is another one.
    if (envelope.publication().offset() == 0 || audience.feed() == null) {
      var forms = new Forms();
      audience.forEach(subscription -> Serving.offerUnkept(subscription, envelope, forms));
      outside.delivered().accept(envelope.envelope());
      return;
    }
    Cursor cursor = audience.feed().cursor();
    apply(
        audience,
        cursor.offer(envelope.epoch(), envelope.publication(), SocketLoop.nowMillis()),
        envelope);
  }

  void apply(Audience<Session> audience, List<Cursor.Step> steps) {
    apply(audience, steps, null);
  }

  /// @param envelope what came just now, encoded perhaps already; or null
  private void apply(Audience<Session> audience, List<Cursor.Step> steps, StreamEnvelope envelope) {
    for (Cursor.Step step : steps) {
      switch (step) {
        case Cursor.Step.Deliver(var publications) ->
            publications.forEach(publication -> deliver(audience, publication, envelope));
        case Cursor.Step.Lost lost -> lose(audience, lost);
        case Cursor.Step.Read(var query) -> read(audience, query);
      }
    }
    if (audience.feed().cursor().isWaiting()) {
      waiting.add(audience);
    }
  }

  private void deliver(
      Audience<Session> audience, Publication publication, StreamEnvelope envelope) {
    Publication base = audience.feed().before(publication.offset());
    audience.feed().onDelivered(publication);
    var forms = new Forms();
    if (envelope != null && envelope.publication() == publication) {
      audience.forEach(subscription -> offer(subscription, envelope, base, forms));
      outside.delivered().accept(envelope.envelope());
    } else {
      var late = late(audience, publication);
      audience.forEach(subscription -> offer(subscription, late, base, forms));
    }
  }

  /// One that waited, or that only the log had, which does not say whether whoever published it
  /// wanted patches.
  private static StreamEnvelope late(Audience<Session> audience, Publication publication) {
    Feed feed = audience.feed();
    String epoch = feed.cursor().position().epoch();
    var kept = new StreamEnvelope.Kept(epoch, publication, feed.patchesAll());
    return new StreamEnvelope(audience.channel(), kept, System.nanoTime());
  }

  /// Gives one subscription what the others of its audience have.
  void catchUp(Subscription<Session> subscription, Publication publication) {
    offer(subscription, late(subscription.audience(), publication), null, new Forms());
  }

  private void offer(
      Subscription<Session> subscription, StreamEnvelope envelope, Publication base, Forms forms) {
    if (!Serving.offer(subscription, envelope, base, forms)) {
      end(subscription);
    }
  }

  private void lose(Audience<Session> audience, Cursor.Step.Lost lost) {
    audience.feed().onLost();
    long resumed = lost.resumed().offset();
    audience.forEach(
        subscription -> {
          if (lost.anew() || subscription.offset() < resumed) {
            if (subscription.isPositioned()) {
              end(subscription);
            } else {
              subscription.place(resumed, false);
            }
          }
        });
  }

  /// The subscriber missed something: an SDK comes back to its position, or learns that it cannot.
  private void end(Subscription<Session> subscription) {
    if (subscription.isByServer()) {
      subscription.subscriber().close(CloseCode.INSUFFICIENT_STATE);
    } else {
      outside.missing().accept(subscription);
    }
  }

  private void read(Audience<Session> audience, Query query) {
    reading++;
    streams
        .read(audience.channel(), query)
        .onComplete(
            result -> {
              reading--;
              if (subscriptions.findAny(audience.channel()) == audience) {
                var cursor = audience.feed().cursor();
                int now = SocketLoop.nowMillis();
                apply(
                    audience,
                    result.succeeded() ? cursor.taken(result.result(), now) : cursor.failed(now));
              }
              checkOn();
            });
  }

  /// Compares every audience with its log, soon: publications may have got lost without a trace.
  public void check() {
    unchecked = subscriptions.streams().size();
    checkOn();
  }

  private void checkOn() {
    // A read may be answered at once, and that calls this again.
    if (!checking) {
      checking = true;
      while (unchecked > 0 && reading < CHECKS_MAX) {
        unchecked = Math.min(unchecked, subscriptions.streams().size());
        if (unchecked > 0) {
          doubt(subscriptions.streams().get(--unchecked));
        }
      }
      checking = false;
    }
  }

  private void doubt(Audience<Session> audience) {
    apply(audience, audience.feed().cursor().doubt(SocketLoop.nowMillis()));
  }

  /// One beat of the heartbeat.
  ///
  /// @param now the loop's milliseconds
  public void onTick(int now) {
    for (var audience : List.copyOf(waiting)) {
      boolean alive = subscriptions.findAny(audience.channel()) == audience;
      if (alive) {
        apply(audience, audience.feed().cursor().tick(now));
      }
      if (!alive || !audience.feed().cursor().isWaiting()) {
        waiting.remove(audience);
      }
    }
    scan(now);
    joinings.onTick(now);
  }

  /// Looks at the next audiences, backwards, so that all are seen within a round.
  private void scan(int now) {
    var all = subscriptions.streams();
    long share = (long) all.size() * (now - scannedAt) / ROUND_MILLIS + 1;
    scannedAt = now;
    for (long left = Math.min(share, all.size()); left > 0 && !all.isEmpty(); left--) {
      if (reading >= CHECKS_MAX) {
        return;
      }
      next = next > 0 && next <= all.size() ? next - 1 : all.size() - 1;
      if (now - all.get(next).feed().cursor().heardAt() >= SILENCE_MILLIS) {
        doubt(all.get(next));
      }
    }
  }

  /// Leads a subscription in, which is neither in nor held: when the cluster knows of it and, if
  /// need be, the log was read. What takes longer than 2 s fails.
  public void join(Subscription<Session> subscription, Recovery recovery, Joining.Steps steps) {
    joinings.join(subscription, recovery, steps);
  }

  /// A subscription ends; if it was about to join, it will not.
  public void forget(Subscription<Session> subscription) {
    joinings.forget(subscription);
  }

  /// A subscription ends by the server's will; if it was about to join, its client is answered now.
  public void hurry(Subscription<Session> subscription) {
    joinings.hurry(subscription);
  }
}
