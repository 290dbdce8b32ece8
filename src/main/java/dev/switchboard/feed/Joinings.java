package dev.switchboard.feed;

import dev.switchboard.channel.Cursor;
import dev.switchboard.channel.Feed;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Recovery.Verdict;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Publication;
import dev.switchboard.session.Session;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.wire.SocketLoop;
import io.vertx.core.AsyncResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Leads subscriptions into the streams of one event loop. Confined to that loop.
///
/// Who waits is answered within 2 s, with an error if need be. The Java SDK gives up after 5 s,
/// does not hear of what a later reply recovers, but takes what comes behind it on the old socket,
/// and counts on from there: a gap that nobody is told of. Those 5 s begin before the command is
/// read here and end when its reply is read there, each of which took seconds where processors were
/// short.
final class Joinings {
  private static final int READS_MAX = 3;
  private static final int PATIENCE_MILLIS = 2_000;

  private final Feeds feeds;
  private final Subscriptions<Session> subscriptions;
  private final Streams streams;
  private final long replyBytesMax;
  private final Map<Subscription<Session>, Joining> joinings = new HashMap<>();

  Joinings(Feeds feeds, Subscriptions<Session> subscriptions, Streams streams, long replyBytesMax) {
    this.feeds = feeds;
    this.subscriptions = subscriptions;
    this.streams = streams;
    this.replyBytesMax = replyBytesMax;
  }

  /// See [Feeds#join].
  void join(Subscription<Session> subscription, Recovery recovery, Joining.Steps steps) {
    var joining = new Joining(this, subscription, recovery, steps);
    joinings.put(subscription, joining);
    subscriptions.hold(subscription);
    subscriptions.await(subscription, () -> onClaimed(joining), () -> forget(subscription));
  }

  private void onClaimed(Joining joining) {
    if (!isCurrent(joining)) {
      return;
    }
    feed(joining).beginJoining();
    joining.counted(true);
    if (!joining.recovery().needsLog() && feed(joining).cursor().isStarted()) {
      joining.steps().ready().accept(joining);
    } else {
      read(joining);
    }
  }

  private static Feed feed(Joining joining) {
    return joining.subscription().audience().feed();
  }

  private boolean isCurrent(Joining joining) {
    return joinings.get(joining.subscription()) == joining;
  }

  private void read(Joining joining) {
    streams
        .read(joining.subscription().channel(), joining.recovery().query())
        .onComplete(
            result -> {
              // It may have ended meanwhile.
              if (isCurrent(joining) && !onRead(joining, result)) {
                readAgain(joining);
              }
            });
  }

  /// @return whether that will do
  private boolean onRead(Joining joining, AsyncResult<Slice> result) {
    if (result.failed()) {
      boolean told = result.cause() instanceof StreamException;
      fail(joining, told ? Feeds.codeOf((StreamException) result.cause()) : ErrorCode.INTERNAL);
      return true;
    }
    Slice slice = result.result();
    var audience = joining.subscription().audience();
    Cursor cursor = audience.feed().cursor();
    int now = SocketLoop.nowMillis();
    feeds.apply(
        audience,
        cursor.isStarted() ? cursor.told(slice.top(), now) : cursor.start(slice.top(), now));
    switch (joining.recovery().judge(slice, replyBytesMax)) {
      case Verdict.Stays() -> fail(joining, ErrorCode.UNRECOVERABLE_POSITION);
      case Verdict.Joins joins -> {
        joining.take(slice, joins);
        if (!isAbreast(joining)) {
          return false;
        }
        joining.steps().ready().accept(joining);
      }
    }
    return true;
  }

  /// Whether it can go in with what was read. Who has nothing to recover goes in where the others
  /// are, however far that is; for all else the log must be read again.
  boolean isAbreast(Joining joining) {
    if (missed(joining).isPresent()) {
      return true;
    }
    Position others = feed(joining).cursor().position();
    if (joining.isRecovered() || !others.epoch().equals(joining.slice().top().epoch())) {
      return false;
    }
    joining.take(
        new Slice(others, List.of()), new Verdict.Joins(false, others.offset(), List.of()));
    return true;
  }

  private void fail(Joining joining, ErrorCode code) {
    var subscription = joining.subscription();
    joinings.remove(subscription);
    release(joining);
    subscription.subscriber().subscriptions().remove(subscription.channel());
    subscriptions.remove(subscription);
    joining.fail(code);
    joining.steps().ready().accept(joining);
  }

  /// Reads the log again for one that the others left behind while it was read.
  void readAgain(Joining joining) {
    if (joining.countRead() < READS_MAX) {
      read(joining);
    } else {
      fail(joining, ErrorCode.INTERNAL);
    }
  }

  /// What the others got since the log was read; empty when that is not known.
  private Optional<List<Publication>> missed(Joining joining) {
    return joining.slice() == null
        ? Optional.of(List.of())
        : feed(joining).after(joining.slice().top());
  }

  void enter(Joining joining) {
    var subscription = joining.subscription();
    joinings.remove(subscription);
    subscriptions.enter(subscription);
    Position at =
        joining.slice() == null ? feed(joining).cursor().position() : joining.slice().top();
    subscription.place(at.offset(), joining.recovery().positioned());
    subscription.served(joining.hasRecovered());
  }

  void goLive(Joining joining) {
    var subscription = joining.subscription();
    missed(joining)
        .ifPresent(
            publications ->
                publications.forEach(publication -> feeds.catchUp(subscription, publication)));
    release(joining);
  }

  private void release(Joining joining) {
    if (joining.isCounted()) {
      joining.counted(false);
      feed(joining).endJoining();
    }
  }

  /// Gives up what takes too long.
  void onTick(int now) {
    // A copy: the failure of one may end others, as their session closes.
    for (Joining joining : List.copyOf(joinings.values())) {
      if (now - joining.beganAt() >= PATIENCE_MILLIS && isCurrent(joining)) {
        fail(joining, ErrorCode.INTERNAL);
      }
    }
  }

  /// See [Feeds#forget].
  void forget(Subscription<Session> subscription) {
    Joining joining = joinings.isEmpty() ? null : joinings.remove(subscription);
    if (joining != null) {
      release(joining);
      joining.steps().ended().run();
    }
  }

  /// See [Feeds#hurry].
  void hurry(Subscription<Session> subscription) {
    Joining joining = joinings.isEmpty() ? null : joinings.remove(subscription);
    if (joining != null) {
      release(joining);
      joining.steps().hurried().run();
    }
  }
}
