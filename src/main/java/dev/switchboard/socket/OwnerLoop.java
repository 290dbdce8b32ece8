package dev.switchboard.socket;

import dev.switchboard.channel.ClaimDoor;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.config.GatewayConfig.PermessageDeflate;
import dev.switchboard.deflate.Deflation;
import dev.switchboard.door.Arrival;
import dev.switchboard.door.ForwardedHeaders;
import dev.switchboard.door.LoopLag;
import dev.switchboard.events.Registrar;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.LoopCounts;
import dev.switchboard.presence.Member;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.routing.Inbox;
import dev.switchboard.routing.RouteKey;
import dev.switchboard.session.Departures;
import dev.switchboard.session.Liveness;
import dev.switchboard.session.Rotation;
import dev.switchboard.session.Session;
import dev.switchboard.session.SessionSecrets;
import dev.switchboard.session.Sessions;
import dev.switchboard.session.Sweep;
import dev.switchboard.wire.DeadlineQueue;
import dev.switchboard.wire.SocketLimits;
import dev.switchboard.wire.SocketLoop;
import dev.switchboard.wire.SocketUpgrade;
import dev.switchboard.wire.StreamOpening;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Everything one event loop owns, put together. Confined to that loop.
///
/// What used to need locks elsewhere has one owner here: sockets, sessions, subscriptions,
/// deadlines.
final class OwnerLoop {
  private final Gateway gateway;
  private final Context context;
  private final int index;
  private final Registrar.Source openHere = this::repeat;
  private final SocketLoop sockets;
  private final SocketUpgrade upgrade;
  private final StreamOpening opening;
  private final SessionSecrets secrets;
  private final Sessions sessions;
  private final Subscriptions<Session> subscriptions;
  private final Inbox inbox;
  private final Sweep sweep;
  private final CommandHandler commands;
  private final Tokens tokens;
  private final ForwardedHeaders headers;
  private final AccessLog accessLog;
  private final DeadlineQueue<Arrival> arrivals;
  private final DeadlineQueue<Handshake> handshakes;
  private final Departures departures;
  private final LoopLag lag;

  OwnerLoop(Gateway gateway, int index, Vertx vertx, Context context) {
    var client = gateway.config().client();
    GatewayMetrics metrics = gateway.metrics();
    this.gateway = gateway;
    this.context = context;
    this.index = index;
    var limits = SocketLimits.of(gateway.config());
    var deflation =
        Optional.of(gateway.config().http().permessageDeflate())
            .filter(PermessageDeflate::enabled)
            .map(found -> new Deflation(found.messageBytesMin(), found.level()));
    var output = new SocketLoop.Output(deflation, batchesSends(gateway.config(), vertx));
    this.sockets = new SocketLoop(context, limits, output, metrics, gateway.admission()::leave);
    this.upgrade = new SocketUpgrade(sockets);
    this.opening = new StreamOpening(sockets);
    this.commands =
        new CommandHandler(gateway, this, task -> context.runOnContext(_ -> task.run()));
    this.subscriptions = new Subscriptions<>(channelDoor(), new Attendants());
    var keys = new SecureRandom();
    this.secrets = new SessionSecrets(keys);
    this.sessions =
        new Sessions(gateway.node().incarnation(), index, keys, commands, door(RouteKey.User::new));
    var shared =
        new Inbox.Shared(
            gateway.policies(),
            client,
            gateway.wallClock(),
            metrics,
            gateway.streams(),
            gateway.replyBytesMax());
    this.inbox =
        new Inbox(context, sockets, new Inbox.Owned(sessions, secrets, subscriptions), shared);
    this.sweep =
        new Sweep(
            sessions,
            new Liveness(
                (int) client.pingInterval().toMillis(),
                (int) client.pongTimeout().toMillis(),
                client.refreshProxy().enabled() ? 0 : client.expiredGrace().toSeconds(),
                client.expiredGrace().toSeconds(),
                new Rotation((int) client.ageMax().toSeconds())),
            gateway.wallClock(),
            metrics,
            (int) gateway.config().heartbeat().interval().toMillis());
    this.tokens = new Tokens(vertx, gateway);
    this.inbox.onRenewal(this::renew);
    this.headers = new ForwardedHeaders(gateway.config().backend());
    this.accessLog = new AccessLog(gateway.config().log().access());
    this.arrivals = new DeadlineQueue<>(client.handshakeTimeout().toMillis());
    this.handshakes = new DeadlineQueue<>(client.staleTimeout().toMillis());
    this.departures = new Departures(sessions, metrics.node());
    this.lag = new LoopLag(gateway.config().node().loopLagMax());
    gateway.registrar().ifPresent(registrar -> registrar.add(openHere));
  }

  /// Who is on a channel is kept from before other nodes hear of it until after, so that none of
  /// them tells in vain who is there.
  private ClaimDoor channelDoor() {
    var door = door(RouteKey.Channel::new);
    return new ClaimDoor() {
      @Override
      public void claim(String name, Runnable confirmed) {
        attended(name)
            .ifPresent(policy -> gateway.router().presence().open(name, index, policy.joinLeave()));
        door.claim(name, confirmed);
      }

      @Override
      public void release(String name) {
        door.release(name);
        attended(name).ifPresent(_ -> gateway.router().presence().close(name, index));
      }
    };
  }

  /// The policy of a channel where it matters who subscribes.
  private Optional<Namespace> attended(String channel) {
    return gateway.policies().find(channel) instanceof Policies.Found.Policy policy
        ? Optional.of(policy.namespace()).filter(Namespace::attended)
        : Optional.empty();
  }

  /// Tells who of this loop's sessions is on a channel.
  private final class Attendants implements Subscriptions.Attendants<Session> {
    @Override
    public void onEntered(Subscription<Session> subscription) {
      Session session = subscription.subscriber();
      eventsOf(subscription)
          .ifPresent(
              registrar -> {
                String user = session.principal().user();
                registrar.subscribed(session.id(), user, subscription.channel());
                registrar.occupied(subscription.channel(), index);
              });
      onRenewed(subscription);
    }

    @Override
    public void onRenewed(Subscription<Session> subscription) {
      if (subscription.audience().policy().attended() && !subscription.isHidden()) {
        Session session = subscription.subscriber();
        var principal = session.principal();
        gateway
            .router()
            .presence()
            .join(
                subscription.channel(),
                new Member(
                    session.id(),
                    principal.user(),
                    principal.info(),
                    subscription.info(),
                    subscription.isSilent()));
      }
    }

    @Override
    public void onLeft(Subscription<Session> subscription) {
      Session session = subscription.subscriber();
      eventsOf(subscription)
          .ifPresent(
              registrar -> {
                String user = session.principal().user();
                registrar.unsubscribed(session.id(), user, subscription.channel());
                if (subscription.audience().size() == 0) {
                  registrar.vacated(subscription.channel(), index);
                }
              });
      if (subscription.audience().policy().attended() && !subscription.isHidden()) {
        gateway.router().presence().leave(subscription.channel(), session.id());
      }
    }

    private Optional<Registrar> eventsOf(Subscription<Session> subscription) {
      return subscription.audience().policy().lifecycleEvents()
          ? gateway.registrar()
          : Optional.empty();
    }
  }

  /// Says what is open here again whose events are in a stream; soon, on this loop.
  private void repeat(int stream) {
    context.runOnContext(
        _ ->
            sessions.forEach(
                session -> {
                  String user = session.principal().user();
                  if (session.isOpen() && Registrar.stream(session.id(), user) == stream) {
                    repeat(session, user);
                  }
                }));
  }

  private void repeat(Session session, String user) {
    List<String> channels = new ArrayList<>();
    session
        .subscriptions()
        .forEach(
            subscription -> {
              if (subscription.isIn() && subscription.audience().policy().lifecycleEvents()) {
                channels.add(subscription.channel());
              }
            });
    gateway.registrar().orElseThrow().repeat(session.id(), user, channels);
  }

  private ClaimDoor door(Function<String, RouteKey> key) {
    return new ClaimDoor() {
      @Override
      public void claim(String name, Runnable confirmed) {
        gateway.router().claim(key.apply(name), inbox, confirmed);
      }

      @Override
      public void release(String name) {
        gateway.router().release(key.apply(name), inbox);
      }
    };
  }

  /// One beat of the heartbeat: everything that waits for time to pass is looked at here.
  ///
  /// @param sentAt when the beat was sent, from `System.nanoTime()`
  void onTick(long sentAt) {
    int now = SocketLoop.nowMillis();
    arrivals.sweep(now, Arrival::onLate);
    handshakes.sweep(now, Handshake::onLate);
    sockets.sweepClosing(now);
    sweep.next();
    inbox.onTick(now);
    departures.onTick();
    sockets.reportTraffic();
    long late = System.nanoTime() - sentAt;
    lag.onTick(late);
    gateway.metrics().onTick(index, counts(late));
  }

  /// Begins another stay in the cluster, with nobody of before.
  private void renew(long incarnation) {
    closeHandshakes(CloseCode.FORCE_RECONNECT);
    sessions.renew(incarnation);
  }

  /// Begins to leave: handshakes end now, sessions in the course of the period, a share per beat.
  void beginToLeave(Duration period) {
    closeHandshakes(CloseCode.SHUTDOWN);
    departures.drain(period);
  }

  /// Leaves at once, whoever is still here.
  void leave() {
    closeHandshakes(CloseCode.SHUTDOWN);
    departures.leave();
  }

  /// Whom this loop sends on to other nodes.
  Departures departures() {
    return departures;
  }

  /// Whether this loop is too late to take more on.
  LoopLag lag() {
    return lag;
  }

  private void closeHandshakes(CloseCode code) {
    handshakes.forEach(handshake -> handshake.close(code));
  }

  private LoopCounts counts(long lagNanos) {
    return new LoopCounts(
        sockets.open(),
        sockets.open() - sessions.size(),
        sessions.size(),
        sessions.userCount(),
        subscriptions.channels(),
        subscriptions.size(),
        lagNanos);
  }

  /// Within TLS the kernel would need what only the TLS engine has.
  private static boolean batchesSends(GatewayConfig config, Vertx vertx) {
    return config.node().batchSends()
        && !config.tls().enabled()
        && vertx.isNativeTransportEnabled();
  }

  /// All sockets are gone, and none will come.
  void close() {
    sockets.close();
  }

  /// Connections of this loop that still exist as sockets.
  int openSockets() {
    return sockets.open();
  }

  Gateway gateway() {
    return gateway;
  }

  Tokens tokens() {
    return tokens;
  }

  /// Which headers of clients back ends are told.
  ForwardedHeaders headers() {
    return headers;
  }

  AccessLog accessLog() {
    return accessLog;
  }

  SocketUpgrade upgrade() {
    return upgrade;
  }

  StreamOpening opening() {
    return opening;
  }

  SessionSecrets secrets() {
    return secrets;
  }

  Sessions sessions() {
    return sessions;
  }

  Subscriptions<Session> subscriptions() {
    return subscriptions;
  }

  Inbox inbox() {
    return inbox;
  }

  Sweep sweep() {
    return sweep;
  }

  CommandHandler commands() {
    return commands;
  }

  DeadlineQueue<Arrival> arrivals() {
    return arrivals;
  }

  DeadlineQueue<Handshake> handshakes() {
    return handshakes;
  }
}
