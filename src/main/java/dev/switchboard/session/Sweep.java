package dev.switchboard.session;

import dev.switchboard.channel.Subscription;
import dev.switchboard.config.BackendConfig.Proxy;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.NodeMeters.Move;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.Framing;
import dev.switchboard.wire.SocketLoop;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Pings the sessions of one event loop and reaps those that fell silent. Confined to that loop.
///
/// Each tick visits a slice of the table, so the whole table is seen once a second and no tick is
/// long. That is instead of a timer per session (ADR 0002).
public final class Sweep {
  private static final int ROUND_MILLIS = 1_000;

  private final Sessions sessions;
  private final Liveness liveness;
  private final InstantSource wallClock;
  private final RandomGenerator random;
  private final GatewayMetrics metrics;
  private final Map<Framing, Frame> pings = new EnumMap<>(Framing.class);
  private final int ticksPerRound;
  private int tick;

  /// @param tickMillis time between two calls of [#next]
  public Sweep(
      Sessions sessions,
      Liveness liveness,
      InstantSource wallClock,
      GatewayMetrics metrics,
      int tickMillis) {
    this.sessions = sessions;
    this.liveness = liveness;
    this.wallClock = wallClock;
    this.metrics = metrics;
    this.random = RandomGenerator.of("L64X128MixRandom");
    this.ticksPerRound = Math.max(1, ROUND_MILLIS / tickMillis);
    for (Framing framing : Framing.values()) {
      pings.put(framing, Frame.of(framing, framing.codec().ping()));
    }
  }

  /// Chooses when a new session is pinged first: later than half an interval, spread at random.
  public void onOpened(Session session) {
    int half = liveness.intervalMillis() / 2;
    int delay = half == 0 ? 0 : half + random.nextInt(half);
    session.pingDueAt(SocketLoop.nowMillis() + delay);
  }

  /// Takes a pong.
  ///
  /// @return false when no ping was waiting for one, which breaks the protocol
  public boolean onPong(Session session) {
    if (!session.awaitingPong()) {
      return false;
    }
    int sentAt = session.pingAt();
    metrics.onPong((SocketLoop.nowMillis() - sentAt) * 1_000_000L);
    session.pingDueAt(sentAt + liveness.intervalMillis());
    return true;
  }

  /// Visits the next slice of the table.
  public void next() {
    int now = SocketLoop.nowMillis();
    long epochSecond = wallClock.instant().getEpochSecond();
    int slots = sessions.slots();
    int from = (int) ((long) slots * tick / ticksPerRound);
    int to = (int) ((long) slots * (tick + 1) / ticksPerRound);
    tick = (tick + 1) % ticksPerRound;
    sessions.forEachIn(from, to, session -> visit(session, now, epochSecond));
  }

  private void visit(Session session, int now, long epochSecond) {
    if (session.holdsExpiring()) {
      expire(session, epochSecond);
    }
    switch (liveness.of(session, now, epochSecond)) {
      case ALIVE -> {}
      case PING_DUE -> {
        if (session.socket().framing().isUnidirectional()) {
          session.pingDueAt(now + liveness.intervalMillis());
        } else {
          session.pingSentAt(now);
        }
        session.send(pings.get(session.socket().framing()));
      }
      case NO_PONG -> session.close(CloseCode.NO_PONG);
      case EXPIRED -> sessions.listener().onExpired(session);
      case AGED -> {
        session.close(CloseCode.FORCE_RECONNECT);
        metrics.node().onMoved(Move.ROTATION);
      }
    }
  }

  private void expire(Session session, long now) {
    List<Subscription<Session>> expired = new ArrayList<>();
    session
        .subscriptions()
        .forEach(
            subscription -> {
              if (subscription.expireAt() != 0
                  && now > subscription.expireAt() + graceOf(subscription)) {
                expired.add(subscription);
              }
            });
    expired.forEach(subscription -> sessions.listener().onExpired(session, subscription));
  }

  private long graceOf(Subscription<Session> subscription) {
    return Proxy.ofSubRefresh(subscription.audience().policy()).enabled()
        ? 0
        : liveness.subscriptionGraceSeconds();
  }
}
