package dev.switchboard.socket;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.protocol.Command;
import dev.switchboard.session.Session;
import dev.switchboard.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The channels to which a client is subscribed without asking: those its token names, and its own
/// where there are personal channels.
///
/// @param policies each channel's policy, those of the token first and in its order
record ServerSubscriptions(List<Policies.Found.Policy> policies) {

  /// One of them.
  ///
  /// @param recovery what the client is to get of the channel's stream, if it is one
  record Granted(Subscription<Session> subscription, Recovery recovery) {}

  /// The policies of all channels; empty when one that the token names cannot be used.
  static Optional<ServerSubscriptions> find(Gateway gateway, ConnectionGrant grant) {
    List<Policies.Found.Policy> found = new ArrayList<>(grant.channels().size() + 1);
    for (String channel : grant.channels()) {
      if (!(gateway.policies().find(channel) instanceof Policies.Found.Policy policy)) {
        return Optional.empty();
      }
      found.add(policy);
    }
    var user = gateway.config().user();
    if (user.personalChannel() && !grant.principal().anonymous()) {
      String namespace = user.personalChannelNamespace();
      String channel =
          (namespace.isEmpty() ? "" : namespace + ":") + "#" + grant.principal().user();
      // A user whose id no channel may be called by has none, but can connect.
      if (gateway.policies().find(channel) instanceof Policies.Found.Policy policy) {
        found.add(policy);
      }
    }
    return Optional.of(new ServerSubscriptions(found));
  }

  /// These and more.
  ServerSubscriptions with(List<Policies.Found.Policy> more) {
    List<Policies.Found.Policy> all = new ArrayList<>(policies);
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
    List<Granted> made = new ArrayList<>(policies.size());
    for (var policy : policies) {
      String channel = policy.name().text();
      if (session.subscriptions().find(channel) == null) {
        var subscription = subscriptions.add(channel, policy.namespace(), session, null, 0);
        subscription.byServer();
        subscription.hearOfOthers(false);
        session.subscriptions().add(subscription);
        var wish = wish(positions.get(channel));
        made.add(new Granted(subscription, Recovery.of(policy.namespace(), wish)));
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
