package dev.switchboard.socket;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.Permissions;
import dev.switchboard.auth.Principal;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.backend.Call;
import dev.switchboard.backend.Renewal;
import dev.switchboard.backend.Verdict;
import dev.switchboard.channel.Subscription;
import dev.switchboard.config.BackendConfig.Proxy;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Reply;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.session.Session;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Prolongs sessions and subscriptions of one event loop whose time is over, or ends them. Confined
/// to that loop.
///
/// Clients bring new tokens; where a namespace or the node has a proxy for it, a back end is asked
/// instead. One that does not answer gives them a minute more.
final class RefreshHandler {
  private static final long UNANSWERED_SECONDS = 60;

  private final Gateway gateway;
  private final OwnerLoop owner;

  RefreshHandler(Gateway gateway, OwnerLoop owner) {
    this.gateway = gateway;
    this.owner = owner;
  }

  void onRefresh(Session session, Command.Refresh command) {
    if (gateway.config().client().refreshProxy().enabled()) {
      session.close(CloseCode.BAD_REQUEST);
      return;
    }
    owner
        .commands()
        .whenDone(
            session,
            owner.tokens().connection(command.token()),
            outcome -> conclude(session, command, outcome));
  }

  private void conclude(
      Session session, Command.Refresh command, TokenOutcome<ConnectionGrant> outcome) {
    switch (outcome) {
      case TokenOutcome.Granted<ConnectionGrant>(var grant) -> renew(session, command, grant);
      case TokenOutcome.Expired<ConnectionGrant>() -> session.close(CloseCode.CONNECTION_EXPIRED);
      case TokenOutcome.Unknown<ConnectionGrant>() ->
          owner.commands().refuse(session, command, ErrorCode.INTERNAL);
      case TokenOutcome.Refused<ConnectionGrant>(_) -> session.close(CloseCode.INVALID_TOKEN);
    }
  }

  private void renew(Session session, Command.Refresh command, ConnectionGrant grant) {
    var expiry = Expiry.of(grant.expireAt(), gateway);
    if (!grant.principal().user().equals(session.principal().user())) {
      session.close(CloseCode.INVALID_TOKEN);
    } else if (expiry.passed()) {
      session.close(CloseCode.CONNECTION_EXPIRED);
    } else if (!granted(session).equals(grant.subscriptions().keySet())) {
      // Only a new session can have other server-side subscriptions.
      session.close(CloseCode.INSUFFICIENT_STATE);
    } else {
      owner.inbox().refresh(session, grant.principal(), expiry.at());
      String version = gateway.node().version();
      owner
          .commands()
          .reply(
              session,
              new Reply.Refresh(
                  command.id(), session.id().toString(), version, expiry.expires(), expiry.ttl()));
    }
  }

  /// Channels to which the session is subscribed by what let it connect.
  private static Set<String> granted(Session session) {
    Set<String> channels = new HashSet<>();
    session
        .subscriptions()
        .forEach(
            subscription -> {
              if (subscription.isGranted()) {
                channels.add(subscription.channel());
              }
            });
    return channels;
  }

  void onSubRefresh(Session session, Command.SubRefresh command) {
    Subscription<Session> subscription = session.subscriptions().find(command.channel());
    if (subscription == null) {
      owner.commands().refuse(session, command, ErrorCode.PERMISSION_DENIED);
      return;
    }
    if (Proxy.ofSubRefresh(subscription.audience().policy()).enabled()) {
      session.close(CloseCode.BAD_REQUEST);
      return;
    }
    if (command.token().isEmpty()) {
      owner.commands().refuse(session, command, ErrorCode.BAD_REQUEST);
      return;
    }
    owner
        .commands()
        .whenDone(
            session,
            owner.tokens().subscription(command.token()),
            outcome -> conclude(session, command, subscription, outcome));
  }

  private void conclude(
      Session session,
      Command.SubRefresh command,
      Subscription<Session> subscription,
      TokenOutcome<SubscriptionGrant> outcome) {
    if (session.subscriptions().find(command.channel()) != subscription) {
      // It ended while keys were fetched.
      owner.commands().refuse(session, command, ErrorCode.PERMISSION_DENIED);
      return;
    }
    switch (outcome) {
      case TokenOutcome.Unknown<SubscriptionGrant>() ->
          owner.commands().refuse(session, command, ErrorCode.INTERNAL);
      case TokenOutcome.Refused<SubscriptionGrant>(_) -> session.close(CloseCode.INVALID_TOKEN);
      case TokenOutcome.Expired<SubscriptionGrant>() -> end(session, subscription);
      case TokenOutcome.Granted<SubscriptionGrant> granted ->
          renew(session, command, subscription, granted);
    }
  }

  private void renew(
      Session session,
      Command.SubRefresh command,
      Subscription<Session> subscription,
      TokenOutcome.Granted<SubscriptionGrant> granted) {
    var name = new ChannelName(command.channel());
    var expiry = Expiry.of(granted.grant().terms().expireAt(), gateway);
    boolean meant =
        Permissions.subscribe(session.principal(), name, session.id().toString(), granted)
            .allowed();
    if (!meant) {
      session.close(CloseCode.INVALID_TOKEN);
    } else if (expiry.passed()) {
      end(session, subscription);
    } else {
      subscription.expireAt(expiry.at());
      session.onExpiring(expiry.expires());
      owner
          .commands()
          .reply(session, new Reply.SubRefresh(command.id(), expiry.expires(), expiry.ttl()));
    }
  }

  /// The time of a session is over.
  void onExpired(Session session) {
    Proxy proxy = gateway.config().client().refreshProxy();
    if (!proxy.enabled()) {
      session.close(CloseCode.CONNECTION_EXPIRED);
      return;
    }
    // Until there is an answer, and if there is none.
    session.refresh(session.principal(), soon());
    gateway
        .backends()
        .ask(proxy.name(), new Call.Refresh(BackendCalls.caller(session)))
        .onSuccess(
            verdict -> {
              if (session.isOpen()) {
                renewal(verdict).ifPresent(renewal -> renew(session, renewal));
              }
            });
  }

  private void renew(Session session, Renewal renewal) {
    var expiry = Expiry.of(renewal.expireAt(), gateway);
    if (renewal.expired() || expiry.passed()) {
      session.close(CloseCode.CONNECTION_EXPIRED);
      return;
    }
    Principal principal = session.principal();
    if (renewal.info() != null) {
      principal = principal.withInfo(renewal.info());
    }
    if (renewal.meta() != null) {
      principal = principal.withMeta(renewal.meta());
    }
    owner.inbox().refresh(session, principal, expiry.at());
  }

  /// The time of a subscription is over.
  void onExpired(Session session, Subscription<Session> subscription) {
    Proxy proxy = Proxy.ofSubRefresh(subscription.audience().policy());
    if (!proxy.enabled()) {
      end(session, subscription);
      return;
    }
    subscription.expireAt(soon());
    var call = new Call.SubRefresh(BackendCalls.caller(session), subscription.channel());
    gateway
        .backends()
        .ask(proxy.name(), call)
        .onSuccess(
            verdict -> {
              // It may have ended meanwhile, and another one begun.
              if (session.subscriptions().find(subscription.channel()) == subscription) {
                renewal(verdict).ifPresent(renewal -> renew(session, subscription, renewal));
              }
            });
  }

  private void renew(Session session, Subscription<Session> subscription, Renewal renewal) {
    var expiry = Expiry.of(renewal.expireAt(), gateway);
    if (renewal.expired() || expiry.passed()) {
      end(session, subscription);
      return;
    }
    subscription.expireAt(expiry.at());
    if (renewal.info() != null && !Arrays.equals(renewal.info(), subscription.info())) {
      subscription.info(renewal.info());
      owner.subscriptions().renew(subscription);
    }
  }

  /// Errors and disconnects are no answers to this.
  private static Optional<Renewal> renewal(Verdict<Renewal> verdict) {
    return verdict instanceof Verdict.Answered<Renewal>(var renewal)
        ? Optional.of(renewal)
        : Optional.empty();
  }

  private long soon() {
    return gateway.wallClock().instant().getEpochSecond() + UNANSWERED_SECONDS;
  }

  /// A client that subscribed itself does so again, is told 109 and asks its callback for a new
  /// token; one that the server subscribed has to connect again.
  private void end(Session session, Subscription<Session> subscription) {
    if (subscription.isByServer()) {
      session.close(CloseCode.SUBSCRIPTION_EXPIRED);
    } else {
      owner.inbox().unsubscribe(session, subscription.channel(), UnsubscribeCode.EXPIRED);
    }
  }
}
