package dev.switchboard.socket;

import dev.switchboard.auth.Capability.Right;
import dev.switchboard.auth.Permissions;
import dev.switchboard.auth.Permissions.Verdict;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.TagFilter;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.delta.Deltas;
import dev.switchboard.feed.Joining;
import dev.switchboard.feed.Landing;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Reply;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.session.Session;
import dev.switchboard.stream.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Carries out subscribe, unsubscribe and sub_refresh for one event loop's sessions.
///
/// The order of the checks is the protocol's: SDKs tell errors apart by it. Confined to that loop.
final class SubscribeHandler {
  private static final long COMPACT = 1;
  private static final long REJECT_UNRECOVERED = 2;

  private final Gateway gateway;
  private final OwnerLoop owner;

  SubscribeHandler(Gateway gateway, OwnerLoop owner) {
    this.gateway = gateway;
    this.owner = owner;
  }

  void onSubscribe(Session session, Command.Subscribe command) {
    var policies = gateway.policies();
    if (!command.delta().isEmpty() && !command.delta().equals(Deltas.FOSSIL)) {
      session.close(CloseCode.BAD_REQUEST);
    } else if (policies.tooLong(command.channel())) {
      owner.commands().refuse(session, command, ErrorCode.BAD_REQUEST);
    } else if (session.subscriptions().find(command.channel()) != null) {
      owner.commands().refuse(session, command, ErrorCode.ALREADY_SUBSCRIBED);
    } else if (session.subscriptions().size() >= gateway.config().client().channelsMax()) {
      owner.commands().refuse(session, command, ErrorCode.LIMIT_EXCEEDED);
    } else {
      switch (policies.find(command.channel())) {
        case Policies.Found.Refused(ErrorCode code) ->
            owner.commands().refuse(session, command, code);
        case Policies.Found.Policy policy -> onLawful(session, command, policy);
      }
    }
  }

  private void onLawful(Session session, Command.Subscribe command, Policies.Found.Policy policy) {
    if (command.type() != 0) {
      owner.commands().refuse(session, command, ErrorCode.NOT_AVAILABLE);
      return;
    }
    if (command.filter() != null && !isFilter(command, policy.namespace())) {
      owner.commands().refuse(session, command, ErrorCode.BAD_REQUEST);
      return;
    }
    if (command.token().isEmpty()) {
      boolean granted = owner.commands().grants(session, Right.SUBSCRIBE, policy);
      var verdict =
          Permissions.subscribe(session.principal(), policy.name(), policy.namespace(), granted);
      conclude(session, command, policy, new Decision(verdict, null, 0));
      return;
    }
    var outcome = owner.subscriptionTokens().verifySubscription(command.token());
    var verdict =
        Permissions.subscribe(session.principal(), policy.name(), session.id().toString(), outcome);
    conclude(
        session,
        command,
        policy,
        outcome instanceof TokenOutcome.Granted<SubscriptionGrant>(var grant)
            ? new Decision(verdict, grant.info(), grant.expireAt())
            : new Decision(verdict, null, 0));
  }

  private boolean isFilter(Command.Subscribe command, Namespace namespace) {
    return namespace.allowTagsFilter() && filter(command).isPresent();
  }

  private Optional<TagFilter> filter(Command.Subscribe command) {
    return TagFilter.of(command.filter(), gateway.config().client().filterNodesMax());
  }

  /// What was decided, and what a token adds to it.
  private record Decision(Verdict verdict, byte[] info, long expireAt) {}

  private void conclude(
      Session session, Command.Subscribe command, Policies.Found.Policy policy, Decision decided) {
    switch (decided.verdict()) {
      case Verdict.Refused(ErrorCode code) -> owner.commands().refuse(session, command, code);
      case Verdict.Closed(CloseCode code) -> session.close(code);
      case Verdict.Allowed() -> {
        var expiry = Expiry.of(decided.expireAt(), gateway);
        if (expiry.passed()) {
          // Only a new token helps, and 109 is what makes an SDK ask for one.
          owner.commands().refuse(session, command, ErrorCode.TOKEN_EXPIRED);
          return;
        }
        Subscription<Session> subscription =
            owner
                .subscriptions()
                .add(command.channel(), policy.namespace(), session, decided.info(), expiry.at());
        session.subscriptions().add(subscription);
        takeWishes(subscription, command, policy);
        session.onExpiring(expiry.expires());
        if (subscription.audience().feed() == null) {
          enter(
              subscription, Replies.subscribed(command.id(), expiry, Landing.PLAIN, subscription));
        } else {
          join(subscription, command, expiry);
        }
      }
    }
  }

  /// What the client asked for besides, as far as it may have it.
  private void takeWishes(
      Subscription<Session> subscription, Command.Subscribe command, Policies.Found.Policy policy) {
    Session session = subscription.subscriber();
    boolean granted = owner.commands().grants(session, Right.PRESENCE, policy);
    subscription.hearOfOthers(
        command.joinLeave()
            && Permissions.joinLeave(session.principal(), policy.namespace(), granted));
    if (command.filter() != null) {
      subscription.filter(filter(command).orElseThrow());
    }
    if (policy.namespace().allowedDeltaTypes().contains(command.delta())) {
      subscription.wantDeltas();
    }
    if (policy.namespace().allowChannelCompaction() && (command.flag() & COMPACT) != 0) {
      subscription.nameByNumber();
    }
    if (Extensions.of(command.data()).echoOff()) {
      subscription.turnEchoOff();
    }
  }

  private void join(Subscription<Session> subscription, Command.Subscribe command, Expiry expiry) {
    Session session = subscription.subscriber();
    var held = owner.commands().held();
    Consumer<Landing> reply = landing -> reply(subscription, command, expiry, landing);
    held.begin(session);
    owner
        .inbox()
        .feeds()
        .join(
            subscription,
            Recovery.of(subscription.audience().policy(), wish(subscription, command)),
            new Joining.Steps(
                joining -> {
                  if (joining.failure().isPresent()) {
                    owner.commands().refuse(session, command, joining.failure().get());
                  } else {
                    reply.accept(joining.enter());
                    joining.goLive();
                  }
                  held.end(session);
                },
                () -> {
                  reply.accept(Landing.PLAIN);
                  held.end(session);
                },
                () -> {}));
  }

  private void reply(
      Subscription<Session> subscription,
      Command.Subscribe command,
      Expiry expiry,
      Landing landing) {
    Session session = subscription.subscriber();
    boolean deltas = subscription.wantsDeltas();
    List<Publication> wanted =
        landing.publications().stream()
            .filter(publication -> subscription.wants(publication.tags()))
            .toList();
    if (wanted.size() < landing.publications().size()) {
      subscription.served(false);
    }
    try {
      Landing written = landing.with(deltas ? Deltas.chain(wanted, session.encoding()) : wanted);
      owner
          .commands()
          .reply(session, Replies.subscribed(command.id(), expiry, written, subscription));
    } catch (UnencodableException notForThisEncoding) {
      session.close(CloseCode.INAPPROPRIATE_PROTOCOL);
    }
  }

  private Recovery.Wish wish(Subscription<Session> subscription, Command.Subscribe command) {
    Session session = subscription.subscriber();
    var policy = subscription.audience().policy();
    var channel = new Policies.Found.Policy(new ChannelName(subscription.channel()), policy);
    boolean granted = owner.commands().grants(session, Right.HISTORY, channel);
    // As a subscriber, which it is about to be.
    boolean readsHistory =
        Permissions.history(session.principal(), policy, true, granted).allowed();
    return new Recovery.Wish(
        command.positioned(),
        command.recoverable(),
        command.recover(),
        (command.flag() & REJECT_UNRECOVERED) != 0,
        new Position(command.epoch(), command.offset()),
        readsHistory);
  }

  private void enter(Subscription<Session> subscription, Reply reply) {
    Session session = subscription.subscriber();
    boolean pending = owner.subscriptions().isPending(subscription);
    if (pending) {
      owner.commands().held().begin(session);
    }
    owner
        .subscriptions()
        .enter(
            subscription,
            () -> {
              owner.commands().reply(session, reply);
              if (pending) {
                owner.commands().held().end(session);
              }
            },
            () -> {});
  }

  void onUnsubscribe(Session session, Command.Unsubscribe command) {
    Subscription<Session> ended = session.subscriptions().remove(command.channel());
    if (ended != null) {
      owner.inbox().remove(ended);
    }
    // Never an error, not even for an unknown channel: SDKs answer one by reconnecting.
    owner.commands().reply(session, new Reply.Unsubscribe(command.id()));
  }

  void onRefresh(Session session, Command.SubRefresh command) {
    Subscription<Session> subscription = session.subscriptions().find(command.channel());
    if (subscription == null) {
      owner.commands().refuse(session, command, ErrorCode.PERMISSION_DENIED);
      return;
    }
    if (command.token().isEmpty()) {
      owner.commands().refuse(session, command, ErrorCode.BAD_REQUEST);
      return;
    }
    switch (owner.subscriptionTokens().verifySubscription(command.token())) {
      case TokenOutcome.Refused<SubscriptionGrant>(_) -> session.close(CloseCode.INVALID_TOKEN);
      case TokenOutcome.Expired<SubscriptionGrant>() -> expire(session, subscription);
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
    var expiry = Expiry.of(granted.grant().expireAt(), gateway);
    boolean meant =
        Permissions.subscribe(session.principal(), name, session.id().toString(), granted)
            .allowed();
    if (!meant) {
      session.close(CloseCode.INVALID_TOKEN);
    } else if (expiry.passed()) {
      expire(session, subscription);
    } else {
      subscription.expireAt(expiry.at());
      session.onExpiring(expiry.expires());
      owner
          .commands()
          .reply(session, new Reply.SubRefresh(command.id(), expiry.expires(), expiry.ttl()));
    }
  }

  /// The SDK subscribes again, is told 109 and asks its callback for a new token.
  private void expire(Session session, Subscription<Session> subscription) {
    owner.inbox().unsubscribe(session, subscription.channel(), UnsubscribeCode.EXPIRED);
  }
}
