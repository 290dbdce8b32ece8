package dev.switchboard.routing;

import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.feed.Joining;
import dev.switchboard.feed.Landing;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Push;
import dev.switchboard.routing.Delivery.Outcome;
import dev.switchboard.routing.Delivery.Reason;
import dev.switchboard.session.Envelope;
import dev.switchboard.session.Session;
import dev.switchboard.session.SessionSecrets;
import dev.switchboard.session.Terms;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Carries out orders for the sessions of one event loop. Confined to that loop.
final class Orders {
  private static final Future<Step> TOLD = Future.succeededFuture(new Step.Told());
  private static final Future<Step> CLOSED = Future.succeededFuture(new Step.Closed());

  private final Inbox inbox;
  private final Subscriptions<Session> subscriptions;
  private final SessionSecrets secrets;
  private final Inbox.Shared shared;

  Orders(Inbox inbox, Inbox.Owned owned, Inbox.Shared shared) {
    this.inbox = inbox;
    this.subscriptions = owned.subscriptions();
    this.secrets = owned.secrets();
    this.shared = shared;
  }

  /// Carries out an order for the recipient's sessions on this loop.
  ///
  /// @return one delivery per session, once what they are told was handed to their sockets; empty
  ///   when none is here
  Future<List<Delivery>> carryOut(Recipient recipient, Order order) {
    Function<Session, Future<Step>> step = step(order);
    Map<Session, Future<Step>> steps = new LinkedHashMap<>();
    inbox.forEach(
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
        .compose(_ -> inbox.flushed())
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
        yield session -> session.offer(envelope) ? TOLD : dropped(Reason.ENCODING);
      }
      case Order.Disconnect disconnect -> session -> disconnect(session, disconnect);
      case Order.Unsubscribe unsubscribe -> session -> unsubscribe(session, unsubscribe);
      case Order.Subscribe subscribe -> session -> subscribe(session, subscribe);
      case Order.Refresh refresh -> session -> refresh(session, refresh);
      case Order.Commands commands -> session -> receive(session, commands);
    };
  }

  private static boolean closes(Order order) {
    return switch (order) {
      case Order.Disconnect _ -> true;
      case Order.Refresh refresh -> refresh.expired();
      case Order.Message _, Order.Unsubscribe _, Order.Subscribe _, Order.Commands _ -> false;
    };
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

  private Future<Step> unsubscribe(Session session, Order.Unsubscribe order) {
    boolean ended = false;
    String channel = order.channel();
    for (String name : channel.isEmpty() ? channelsOf(session) : List.of(channel)) {
      ended |= inbox.unsubscribe(session, name, order.code(), order.reason());
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
    SubscriptionTerms terms = order.terms();
    var subscription =
        subscriptions.add(channel, policy.namespace(), session, terms.info(), terms.expireAt());
    subscription.byServer();
    Terms.apply(terms, subscription, false);
    session.subscriptions().add(subscription);
    session.onExpiring(terms.expireAt() != 0);
    return subscription.audience().feed() == null
        ? enter(subscription, order)
        : join(subscription, order);
  }

  private Future<Step> enter(Subscription<Session> subscription, Order.Subscribe order) {
    Promise<Step> done = Promise.promise();
    subscriptions.enter(
        subscription,
        () -> {
          announce(subscription, order, Landing.PLAIN);
          done.complete(new Step.Told());
        },
        () -> done.complete(new Step.Dropped(Reason.CLOSING)));
    return done.future();
  }

  private Future<Step> join(Subscription<Session> subscription, Order.Subscribe order) {
    Promise<Step> done = Promise.promise();
    Namespace policy = subscription.audience().policy();
    inbox
        .feeds()
        .join(
            subscription,
            Recovery.of(policy, Terms.forced(order.terms(), policy), wish(order)),
            new Joining.Steps(
                joining -> {
                  if (joining.failure().isPresent()) {
                    done.complete(new Step.Dropped(Reason.UNAVAILABLE));
                  } else {
                    announce(subscription, order, joining.enter());
                    joining.goLive();
                    done.complete(new Step.Told());
                  }
                },
                () -> {
                  announce(subscription, order, Landing.PLAIN);
                  done.complete(new Step.Told());
                },
                () -> done.complete(new Step.Dropped(Reason.CLOSING))));
    return done.future();
  }

  /// A service may read every history, so what it asks for needs no leave of the namespace.
  private static Recovery.Wish wish(Order.Subscribe order) {
    return order
        .since()
        .map(since -> new Recovery.Wish(true, true, true, false, since, true))
        .orElse(Recovery.Wish.NONE);
  }

  /// A push has no place for what is recovered, so that follows.
  private void announce(
      Subscription<Session> subscription, Order.Subscribe order, Landing landing) {
    Session session = subscription.subscriber();
    String channel = subscription.channel();
    inbox.push(
        session,
        new Push.Subscribe(
            channel,
            landing.recoverable(),
            landing.epoch(),
            landing.offset(),
            landing.positioned(),
            order.terms().data()));
    landing
        .publications()
        .forEach(publication -> inbox.push(session, new Push.Publish(channel, publication)));
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
    inbox.refresh(
        session, order.info() == null ? principal : principal.withInfo(order.info()), expireAt);
    inbox.push(session, new Push.Refresh(expireAt != 0, ttl));
    return TOLD;
  }

  private Future<Step> receive(Session session, Order.Commands order) {
    if (!session.socket().framing().isEmulated()
        || !secrets.isSecretOf(session.id(), order.secret())) {
      return dropped(Reason.FOREIGN);
    }
    session.socket().receive(order.message());
    return TOLD;
  }

  private static List<String> channelsOf(Session session) {
    List<String> channels = new ArrayList<>();
    session.subscriptions().forEach(subscription -> channels.add(subscription.channel()));
    return channels;
  }
}
