package dev.switchboard.auth;

/// What a subscription token grants.
///
/// @param user whom it was issued for; must be the session's user
/// @param channel the one channel it is for
/// @param client the one session it is for, empty for any of the user
public record SubscriptionGrant(
    String user, String channel, String client, SubscriptionTerms terms) {}
