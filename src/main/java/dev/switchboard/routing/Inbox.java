package dev.switchboard.routing;

import dev.switchboard.auth.Principal;
import dev.switchboard.channel.Audience;
import dev.switchboard.channel.Glob;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.protocol.ClientCodec;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.routing.Delivery.Outcome;
import dev.switchboard.routing.Delivery.Reason;
import dev.switchboard.session.Session;
import dev.switchboard.session.Sessions;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.SocketLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// One event loop's side of routing: messages enter here for the sessions it owns.
///
/// Every method but [#context] and [#loop] must be called on that loop.
public final class Inbox {
  private static final Future<Step> TOLD = Future.succeededFuture(new Step.Told());
  private static final Future<Step> CLOSED = Future.succeededFuture(new Step.Closed());

  private final Context context;
  private final SocketLoop sockets;
  private final Sessions sessions;
  private final Subscriptions<Session> subscriptions;
  private final Shared shared;
  // In this turn of the loop.
  private final List<Envelope> delivered = new ArrayList<>();
  private LongConsumer renewal = _ -> {};

  /// What all inboxes of a node share; safe on any thread.
  ///
  /// @param limits `client.*`
  /// @param wallClock for the expiry of sessions only
  public record Shared(
      Policies policies,
      GatewayConfig.Client limits,
      InstantSource wallClock,
      GatewayMetrics metrics) {}

  /// @param context of the WebSocket verticle that owns the sessions
  public Inbox(
      Context context,
      SocketLoop sockets,
      Sessions sessions,
      Subscriptions<Session> subscriptions,
      Shared shared) {
    this.context = context;
    this.sockets = sockets;
    this.sessions = sessions;
    this.subscriptions = subscriptions;
    this.shared = shared;
  }

  /// What is to be done when the node takes another incarnation; set once.
  public void onRenewal(LongConsumer action) {
    renewal = action;
  }

  /// The node takes another incarnation.
  void renew(long incarnation) {
    renewal.accept(incarnation);
  }

  /// Where to run what is meant for this inbox.
  public Context context() {
    return context;
  }

  /// Index of the event loop. Any thread.
  public int loop() {
    return sessions.loop();
  }

  /// Sends a publication to the channel's subscribers on this loop, if there are any.
  ///
  /// @param tooOld says by when it was accepted that it is worthless by now
  void deliver(Envelope envelope, LongPredicate tooOld) {
    Audience<Session> audience = subscriptions.find(envelope.channel());
    if (audience == null || tooOld.test(envelope.acceptedAt())) {
      return;
    }
    audience.forEach(subscription -> offer(subscription.subscriber(), envelope));
    if (delivered.isEmpty()) {
      sockets.afterFlush(this::reportDelivered);
    }
    delivered.add(envelope);
  }

  private void reportDelivered() {
    long now = System.nanoTime();
    for (Envelope envelope : delivered) {
      shared.metrics().onDelivered(now - envelope.acceptedAt());
    }
    delivered.clear();
  }

  private static boolean offer(Session session, Envelope envelope) {
    try {
      session.send(envelope.frame(session.encoding()));
      return true;
    } catch (UnencodableException notForThisEncoding) {
      session.close(CloseCode.INAPPROPRIATE_PROTOCOL);
      return false;
    }
  }

  /// Carries out an order for the recipient's sessions on this loop.
  ///
  /// @return one delivery per session, once what they are told was handed to their sockets; empty
  ///   when none is here
  public Future<List<Delivery>> carryOut(Recipient recipient, Order order) {
    Function<Session, Future<Step>> step = step(order);
    Map<Session, Future<Step>> steps = new LinkedHashMap<>();
    forEach(
        recipient,
        session -> {
          // Before its connect reply a client is not there yet, but it can be kept out.
          if (session.isGreeted() || closes(order)) {
            steps.put(session, step.apply(session));
          }
        });
    if (steps.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return Future.all(List.copyOf(steps.values()))
        .compose(_ -> flushed())
        .map(_ -> deliveries(steps));
  }

  /// What an order did to one session, before it is known how far it got.
  private sealed interface Step {
    /// Something was sent to it.
    record Told() implements Step {}

    /// It was closed, as ordered.
    record Closed() implements Step {}

    /// Nothing was done.
    record Dropped(Reason reason) implements Step {}
  }

  private Function<Session, Future<Step>> step(Order order) {
    return switch (order) {
      case Order.Message(var data) -> {
        var envelope = new Envelope(new Push.Message(data), System.nanoTime());
        yield session -> offer(session, envelope) ? TOLD : dropped(Reason.ENCODING);
      }
      case Order.Disconnect disconnect -> session -> disconnect(session, disconnect);
      case Order.Unsubscribe(var channel) -> session -> unsubscribe(session, channel);
      case Order.Subscribe subscribe -> session -> subscribe(session, subscribe);
      case Order.Refresh refresh -> session -> refresh(session, refresh);
    };
  }

  private static boolean closes(Order order) {
    return switch (order) {
      case Order.Disconnect _ -> true;
      case Order.Refresh refresh -> refresh.expired();
      case Order.Message _, Order.Unsubscribe _, Order.Subscribe _ -> false;
    };
  }

  private Future<Void> flushed() {
    Promise<Void> flushed = Promise.promise();
    sockets.afterFlush(flushed::complete);
    return flushed.future();
  }

  private static List<Delivery> deliveries(Map<Session, Future<Step>> steps) {
    List<Delivery> deliveries = new ArrayList<>(steps.size());
    steps.forEach((session, step) -> deliveries.add(delivery(session, step.result())));
    return deliveries;
  }

  private static Delivery delivery(Session session, Step step) {
    String id = session.id().toString();
    return switch (step) {
      case Step.Dropped(var reason) -> Delivery.dropped(id, reason);
      case Step.Told() when !session.isOpen() -> Delivery.dropped(id, Reason.CLOSING);
      case Step.Told(), Step.Closed() ->
          Delivery.of(id, session.socket().isFlushed() ? Outcome.WRITTEN : Outcome.QUEUED);
    };
  }

  private static Future<Step> dropped(Reason reason) {
    return Future.succeededFuture(new Step.Dropped(reason));
  }

  private static Future<Step> disconnect(Session session, Order.Disconnect order) {
    if (order.spared().contains(session.id())) {
      return dropped(Reason.SPARED);
    }
    session.close(order.code(), order.reason());
    return CLOSED;
  }

  private Future<Step> unsubscribe(Session session, String channel) {
    boolean ended = false;
    for (String name : channel.isEmpty() ? channelsOf(session) : List.of(channel)) {
      ended |= unsubscribe(session, name, UnsubscribeCode.SERVER);
    }
    return ended ? TOLD : dropped(Reason.NOT_SUBSCRIBED);
  }

  private Future<Step> subscribe(Session session, Order.Subscribe order) {
    String channel = order.channel();
    if (session.subscriptions().find(channel) != null) {
      return dropped(Reason.ALREADY_SUBSCRIBED);
    }
    if (session.subscriptions().size() >= shared.limits().channelsMax()) {
      return dropped(Reason.CHANNELS_MAX);
    }
    if (!(shared.policies().find(channel) instanceof Policies.Found.Policy policy)) {
      return dropped(Reason.UNKNOWN_CHANNEL);
    }
    var subscription =
        subscriptions.add(channel, policy.namespace(), session, order.info(), order.expireAt());
    session.subscriptions().add(subscription);
    session.onExpiring(order.expireAt() != 0);
    Promise<Step> done = Promise.promise();
    subscriptions.enter(
        subscription,
        () -> {
          push(session, new Push.Subscribe(channel, false, "", 0, false, order.data()));
          done.complete(new Step.Told());
        },
        () -> done.complete(new Step.Dropped(Reason.CLOSING)));
    return done.future();
  }

  private Future<Step> refresh(Session session, Order.Refresh order) {
    // In insecure mode nothing expires.
    long expireAt = shared.limits().insecure() ? 0 : order.expireAt();
    long ttl = expireAt == 0 ? 0 : expireAt - shared.wallClock().instant().getEpochSecond();
    if (order.expired() || expireAt != 0 && ttl <= 0) {
      session.close(CloseCode.CONNECTION_EXPIRED);
      return CLOSED;
    }
    var principal = session.principal();
    session.refresh(
        order.info() == null ? principal : new Principal(principal.user(), order.info()), expireAt);
    push(session, new Push.Refresh(expireAt != 0, ttl));
    return TOLD;
  }

  /// Ends one subscription of a session and tells the client.
  ///
  /// @return whether there was one
  public boolean unsubscribe(Session session, String channel, UnsubscribeCode code) {
    Subscription<Session> subscription = session.subscriptions().find(channel);
    if (subscription == null) {
      return false;
    }
    // The reply to a pending subscribe comes first: an SDK waits for it, and this ends what it
    // said.
    subscriptions.hurry(subscription);
    if (session.subscriptions().remove(channel) == null) {
      return false;
    }
    subscriptions.remove(subscription);
    push(session, new Push.Unsubscribe(channel, code.code(), code.reason()));
    return true;
  }

  private void forEach(Recipient recipient, Consumer<Session> action) {
    switch (recipient) {
      case Recipient.Client(ClientId id) -> {
        Session session = sessions.find(id);
        if (session != null) {
          action.accept(session);
        }
      }
      case Recipient.User(String user) -> sessions.forEachOf(user, action);
    }
  }

  /// Sends a push that carries nothing an encoding could refuse, or closes the session.
  public void push(Session session, Push push) {
    try {
      byte[] bytes = ClientCodec.of(session.encoding()).encode(push);
      session.send(Frame.of(session.encoding(), bytes));
    } catch (UnencodableException notForThisEncoding) {
      session.close(CloseCode.INAPPROPRIATE_PROTOCOL);
    }
  }

  /// Who subscribes to the channel on this loop, by client id.
  public Map<String, ClientInfo> presence(String channel) {
    Map<String, ClientInfo> present = new LinkedHashMap<>();
    Audience<Session> audience = subscriptions.find(channel);
    if (audience != null) {
      audience.forEach(
          subscription -> {
            ClientInfo info = subscription.subscriber().info(subscription);
            present.put(info.client(), info);
          });
    }
    return present;
  }

  /// The users who subscribe to the channel on this loop, with their number of sessions.
  public Map<String, Integer> presenceUsers(String channel) {
    Map<String, Integer> users = new LinkedHashMap<>();
    Audience<Session> audience = subscriptions.find(channel);
    if (audience != null) {
      audience.forEach(
          subscription ->
              users.merge(subscription.subscriber().principal().user(), 1, Integer::sum));
    }
    return users;
  }

  /// Channels with a subscriber on this loop, with their number of subscribers.
  ///
  /// @param pattern a glob over whole names; empty matches all
  public Map<String, Integer> channels(String pattern) {
    var glob = new Glob(pattern.isEmpty() ? "*" : pattern);
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Audience<Session> audience : subscriptions.audiences()) {
      if (glob.matches(audience.channel())) {
        counts.put(audience.channel(), audience.size());
      }
    }
    return counts;
  }

  /// What `info` says of this loop.
  public LoopView view() {
    Set<String> users = new HashSet<>();
    sessions.users().forEach(users::add);
    Set<String> channels = new HashSet<>();
    subscriptions.audiences().forEach(audience -> channels.add(audience.channel()));
    return new LoopView(sessions.size(), subscriptions.size(), users, channels);
  }

  /// One event loop's part of [NodeView].
  public record LoopView(
      int sessions, int subscriptions, Set<String> users, Set<String> channels) {}

  private static List<String> channelsOf(Session session) {
    List<String> channels = new ArrayList<>();
    session.subscriptions().forEach(subscription -> channels.add(subscription.channel()));
    return channels;
  }
}
