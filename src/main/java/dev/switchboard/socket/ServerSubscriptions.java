package dev.switchboard.socket;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.Permissions;
import dev.switchboard.auth.Principal;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.config.BackendConfig.Proxy;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.protocol.Command;
import dev.switchboard.session.Session;
import dev.switchboard.session.Terms;
import dev.switchboard.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The channels to which a client is subscribed without asking: those it was granted, and its own
/// where there are personal channels.
///
/// @param wanted those it was granted first, and in that order
record ServerSubscriptions(List<Wanted> wanted) {

  /// A channel that there is.
  ///
  /// @param granted whether it came with what let the client connect
  record Wanted(Policies.Found.Policy policy, SubscriptionTerms terms, boolean granted) {}

  /// One of them.
  ///
  /// @param recovery what the client is to get of the channel's stream, if it is one
  /// @param data bytes told to the client with the reply, or null
  record Granted(Subscription<Session> subscription, Recovery recovery, byte[] data) {}

  /// All channels; empty when one that was granted cannot be used.
  static Optional<ServerSubscriptions> find(Gateway gateway, ConnectionGrant grant) {
    List<Wanted> found = new ArrayList<>(grant.subscriptions().size() + 1);
    for (var each : grant.subscriptions().entrySet()) {
      if (!(gateway.policies().find(each.getKey()) instanceof Policies.Found.Policy policy)) {
        return Optional.empty();
      }
      found.add(new Wanted(policy, each.getValue(), true));
    }
    var user = gateway.config().user();
    if (user.personalChannel() && !grant.principal().anonymous()) {
      String namespace = user.personalChannelNamespace();
      String channel =
          (namespace.isEmpty() ? "" : namespace + ":") + "#" + grant.principal().user();
      // A user whose id no channel may be called by has none, but can connect.
      if (gateway.policies().find(channel) instanceof Policies.Found.Policy policy) {
        found.add(new Wanted(policy, SubscriptionTerms.NONE, false));
      }
    }
    return Optional.of(new ServerSubscriptions(found));
  }

  /// What a client that only listens may hear of what it asks for; empty when it may not hear of
  /// all. Others subscribe by commands.
  static Optional<List<Wanted>> listened(
      OwnerLoop owner, Command.Connect connect, Principal principal) {
    List<Wanted> listened = new ArrayList<>();
    for (Command.Subscribe wanted : connect.subs().values()) {
      if (!(owner.gateway().policies().find(wanted.channel())
          instanceof Policies.Found.Policy policy)) {
        return Optional.empty();
      }
      Optional<SubscriptionTerms> terms = mayListen(owner, principal, policy, wanted.token());
      if (terms.isEmpty()) {
        return Optional.empty();
      }
      long end = Expiry.of(terms.get().expireAt(), owner.gateway()).at();
      listened.add(new Wanted(policy, terms.get().until(end), false));
    }
    return Optional.of(listened);
  }

  private static Optional<SubscriptionTerms> mayListen(
      OwnerLoop owner, Principal principal, Policies.Found.Policy policy, String token) {
    boolean insecure = owner.gateway().config().client().insecure();
    if (token.isEmpty()) {
      var verdict = Permissions.subscribe(principal, policy.name(), policy.namespace(), insecure);
      // A back end is asked about commands only: who listens has to bring a token, or be granted
      // the channel at connect.
      boolean open = verdict.allowed() && !isLeftToBackend(policy);
      return Optional.of(SubscriptionTerms.NONE).filter(_ -> open);
    }
    // Without waiting for keys: who only listens and comes too early comes again.
    var verified = owner.tokens().subscription(token);
    TokenOutcome<SubscriptionGrant> outcome =
        verified.isComplete() ? verified.result() : new TokenOutcome.Unknown<>();
    boolean allowed = Permissions.subscribe(principal, policy.name(), "", outcome).allowed();
    return allowed && outcome instanceof TokenOutcome.Granted<SubscriptionGrant>(var grant)
        ? Optional.of(grant.terms())
        : Optional.empty();
  }

  /// Whether a back end decides about subscriptions to a channel.
  static boolean isLeftToBackend(Policies.Found.Policy policy) {
    return Proxy.ofSubscribe(policy.namespace()).enabled()
        && !Permissions.isNameDecisive(policy.name(), policy.namespace());
  }

  /// These and more.
  ServerSubscriptions with(List<Wanted> more) {
    List<Wanted> all = new ArrayList<>(wanted);
    all.addAll(more);
    return new ServerSubscriptions(all);
  }

  /// Makes a new session's subscriptions; who calls lets them in or holds them in this turn.
  ///
  /// @param positions what the client says of channels it had before, as in its connect command
  List<Granted> addTo(
      Session session,
      Subscriptions<Session> subscriptions,
      Map<String, Command.Subscribe> positions) {
    List<Granted> made = new ArrayList<>(wanted.size());
    for (Wanted each : wanted) {
      Namespace namespace = each.policy().namespace();
      SubscriptionTerms terms = each.terms();
      String channel = each.policy().name().text();
      if (session.subscriptions().find(channel) == null) {
        var subscription =
            subscriptions.add(channel, namespace, session, terms.info(), terms.expireAt());
        subscription.byServer();
        if (each.granted()) {
          subscription.granted();
        }
        Terms.apply(terms, subscription, false);
        session.subscriptions().add(subscription);
        session.onExpiring(terms.expireAt() != 0);
        var recovery =
            Recovery.of(namespace, Terms.forced(terms, namespace), wish(positions.get(channel)));
        made.add(new Granted(subscription, recovery, terms.data()));
      }
    }
    return made;
  }

  private static Recovery.Wish wish(Command.Subscribe position) {
    if (position == null) {
      return Recovery.Wish.NONE;
    }
    // Whoever comes back was let count, and the server alone decides about what it began.
    return new Recovery.Wish(
        position.positioned(),
        position.recoverable() || position.recover(),
        position.recover(),
        false,
        new Position(position.epoch(), position.offset()),
        false);
  }
}
