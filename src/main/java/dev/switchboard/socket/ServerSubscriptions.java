package dev.switchboard.socket;

import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.protocol.Reply;
import dev.switchboard.session.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The channels a token subscribes its client to, without the client asking.
///
/// @param policies each named channel's policy, in the token's order
record ServerSubscriptions(List<Policies.Found.Policy> policies) {

  /// The policies of all channels; empty when one of them cannot be used.
  static Optional<ServerSubscriptions> find(Policies policies, List<String> channels) {
    List<Policies.Found.Policy> found = new ArrayList<>(channels.size());
    for (String channel : channels) {
      if (!(policies.find(channel) instanceof Policies.Found.Policy policy)) {
        return Optional.empty();
      }
      found.add(policy);
    }
    return Optional.of(new ServerSubscriptions(found));
  }

  /// Makes a new session's subscriptions; who calls lets them in or holds them in this turn.
  List<Subscription<Session>> addTo(Session session, Subscriptions<Session> subscriptions) {
    List<Subscription<Session>> made = new ArrayList<>(policies.size());
    for (var policy : policies) {
      String channel = policy.name().text();
      if (session.subscriptions().find(channel) == null) {
        var subscription = subscriptions.add(channel, policy.namespace(), session, null, 0);
        session.subscriptions().add(subscription);
        made.add(subscription);
      }
    }
    return made;
  }

  /// What the connect reply says of each.
  static Map<String, Reply.Subscribe> results(List<Subscription<Session>> subscriptions) {
    Map<String, Reply.Subscribe> results = new LinkedHashMap<>();
    for (var subscription : subscriptions) {
      results.put(subscription.channel(), Replies.subscribed(0, new Expiry(0, 0)));
    }
    return results;
  }
}
