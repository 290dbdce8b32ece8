package dev.switchboard.auth;

import java.util.Map;

/// What a connection token, or a back end that is asked instead, grants.
///
/// @param expireAt second of the Unix epoch at which the session must be refreshed, 0 for never
/// @param subscriptions channels to which the session is subscribed without its asking
/// @param data bytes told to the client with the reply, or null
public record ConnectionGrant(
    Principal principal, long expireAt, Map<String, SubscriptionTerms> subscriptions, byte[] data) {
  /// To connect as the user nobody vouched for, and nothing else.
  public static final ConnectionGrant ANONYMOUS =
      new ConnectionGrant(Principal.ANONYMOUS, 0, Map.of(), null);
}
