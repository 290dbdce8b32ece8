package dev.switchboard.socket;

import dev.switchboard.auth.Capability.Right;
import dev.switchboard.auth.Permissions;
import dev.switchboard.auth.Permissions.Verdict;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.backend.Call;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.TagFilter;
import dev.switchboard.config.BackendConfig.Proxy;
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
import dev.switchboard.session.Session;
import dev.switchboard.session.Terms;
import dev.switchboard.stream.Position;
import java.util.List;
import java.util.Optional;

/// Carries out subscribe and unsubscribe for one event loop's sessions.
///
/// The order of the checks is the protocol's: SDKs tell errors apart by it. Confined to that loop.
final class SubscribeHandler {
  private static final long COMPACT = 1;
  private static final long REJECT_UNRECOVERED = 2;

  private final Gateway gateway;
  private final OwnerLoop owner;
  private final BackendCalls backends;

  SubscribeHandler(Gateway gateway, OwnerLoop owner, BackendCalls backends) {
    this.gateway = gateway;
    this.owner = owner;
    this.backends = backends;
  }

  void onSubscribe(Session session, Command.Subscribe command) {
    var policies = gateway.policies();
    Optional<ErrorCode> obstacle = obstacle(session, command.channel());
    if (!command.delta().isEmpty() && !command.delta().equals(Deltas.FOSSIL)) {
      session.close(CloseCode.BAD_REQUEST);
    } else if (policies.tooLong(command.channel())) {
      owner.commands().refuse(session, command, ErrorCode.BAD_REQUEST);
    } else if (obstacle.isPresent()) {
      owner.commands().refuse(session, command, obstacle.get());
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
    } else if (command.filter() != null && !isFilter(command, policy.namespace())) {
      owner.commands().refuse(session, command, ErrorCode.BAD_REQUEST);
    } else if (!command.token().isEmpty()) {
      owner
          .commands()
          .whenDone(
              session,
              owner.tokens().subscription(command.token()),
              outcome -> byToken(session, command, policy, outcome));
    } else if (ServerSubscriptions.isLeftToBackend(policy)) {
      byBackend(session, command, policy);
    } else {
      boolean granted = owner.commands().grants(session, Right.SUBSCRIBE, policy);
      var verdict =
          Permissions.subscribe(session.principal(), policy.name(), policy.namespace(), granted);
      conclude(session, command, policy, new Decision(verdict, SubscriptionTerms.NONE));
    }
  }

  private void byToken(
      Session session,
      Command.Subscribe command,
      Policies.Found.Policy policy,
      TokenOutcome<SubscriptionGrant> outcome) {
    var verdict =
        Permissions.subscribe(session.principal(), policy.name(), session.id().toString(), outcome);
    var terms =
        outcome instanceof TokenOutcome.Granted<SubscriptionGrant>(var grant)
            ? grant.terms()
            : SubscriptionTerms.NONE;
    conclude(session, command, policy, new Decision(verdict, terms));
  }

  private void byBackend(Session session, Command.Subscribe command, Policies.Found.Policy policy) {
    byte[] data = BackendCalls.payload(command.data());
    backends.ask(
        session,
        command,
        policy.namespace().subscribeProxyName(),
        new Call.Subscribe(BackendCalls.caller(session), command.channel(), data),
        terms -> conclude(session, command, policy, new Decision(new Verdict.Allowed(), terms)));
  }

  /// Why the session cannot have one more subscription.
  private Optional<ErrorCode> obstacle(Session session, String channel) {
    if (session.subscriptions().find(channel) != null) {
      return Optional.of(ErrorCode.ALREADY_SUBSCRIBED);
    }
    return session.subscriptions().size() >= gateway.config().client().channelsMax()
        ? Optional.of(ErrorCode.LIMIT_EXCEEDED)
        : Optional.empty();
  }

  private boolean isFilter(Command.Subscribe command, Namespace namespace) {
    return namespace.allowTagsFilter() && filter(command).isPresent();
  }

  private Optional<TagFilter> filter(Command.Subscribe command) {
    return TagFilter.of(command.filter(), gateway.config().client().filterNodesMax());
  }

  /// What was decided, and on what terms.
  private record Decision(Verdict verdict, SubscriptionTerms terms) {}

  private void conclude(
      Session session, Command.Subscribe command, Policies.Found.Policy policy, Decision decided) {
    switch (decided.verdict()) {
      case Verdict.Refused(ErrorCode code) -> owner.commands().refuse(session, command, code);
      case Verdict.Closed(CloseCode code) -> session.close(code);
      case Verdict.Allowed() -> {
        SubscriptionTerms terms = decided.terms();
        var expiry = Expiry.of(terms.expireAt(), gateway);
        // Others it asked for while somebody decided may have been faster.
        Optional<ErrorCode> obstacle = obstacle(session, command.channel());
        if (obstacle.isPresent()) {
          owner.commands().refuse(session, command, obstacle.get());
          return;
        }
        if (expiry.passed()) {
          // Only a new token helps, and 109 is what makes an SDK ask for one.
          owner.commands().refuse(session, command, ErrorCode.TOKEN_EXPIRED);
          return;
        }
        Subscription<Session> subscription =
            owner
                .subscriptions()
                .add(command.channel(), policy.namespace(), session, terms.info(), expiry.at());
        session.subscriptions().add(subscription);
        takeWishes(subscription, command, policy, terms);
        session.onExpiring(expiry.expires());
        var start =
            new Start(
                subscription,
                command,
                terms,
                expiry.toldTo(Proxy.ofSubRefresh(policy.namespace())));
        if (subscription.audience().feed() == null) {
          enter(start);
        } else {
          join(start);
        }
      }
    }
  }

  /// A granted subscribe on its way to its reply.
  ///
  /// @param told of its expiry
  private record Start(
      Subscription<Session> subscription,
      Command.Subscribe command,
      SubscriptionTerms terms,
      Expiry told) {
    Session session() {
      return subscription.subscriber();
    }

    Reply reply(Landing landing) {
      return Replies.subscribed(command.id(), told, landing, subscription, terms.data());
    }
  }

  /// What the client asked for besides, as far as it may have it.
  private void takeWishes(
      Subscription<Session> subscription,
      Command.Subscribe command,
      Policies.Found.Policy policy,
      SubscriptionTerms terms) {
    Session session = subscription.subscriber();
    boolean granted = owner.commands().grants(session, Right.PRESENCE, policy);
    Terms.apply(
        terms,
        subscription,
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

  private void join(Start start) {
    Session session = start.session();
    var held = owner.commands().held();
    held.begin(session);
    owner
        .inbox()
        .feeds()
        .join(
            start.subscription(),
            recovery(start),
            new Joining.Steps(
                joining -> {
                  if (joining.failure().isPresent()) {
                    owner.commands().refuse(session, start.command(), joining.failure().get());
                  } else {
                    reply(start, joining.enter());
                    joining.goLive();
                  }
                  held.end(session);
                },
                () -> {
                  reply(start, Landing.PLAIN);
                  held.end(session);
                },
                () -> {}));
  }

  private void reply(Start start, Landing landing) {
    Subscription<Session> subscription = start.subscription();
    Session session = start.session();
    List<Publication> wanted =
        landing.publications().stream()
            .filter(publication -> subscription.wants(publication.tags()))
            .toList();
    if (wanted.size() < landing.publications().size()) {
      subscription.served(false);
    }
    try {
      boolean deltas = subscription.wantsDeltas();
      Landing written = landing.with(deltas ? Deltas.chain(wanted, session.encoding()) : wanted);
      owner.commands().reply(session, start.reply(written));
    } catch (UnencodableException notForThisEncoding) {
      session.close(CloseCode.INAPPROPRIATE_PROTOCOL);
    }
  }

  private Recovery recovery(Start start) {
    Namespace policy = start.subscription().audience().policy();
    return Recovery.of(
        policy, Terms.forced(start.terms(), policy), wish(start.subscription(), start.command()));
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

  private void enter(Start start) {
    Session session = start.session();
    boolean pending = owner.subscriptions().isPending(start.subscription());
    if (pending) {
      owner.commands().held().begin(session);
    }
    owner
        .subscriptions()
        .enter(
            start.subscription(),
            () -> {
              owner.commands().reply(session, start.reply(Landing.PLAIN));
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
}
