package dev.switchboard.auth;

import java.util.List;

/// What a connection token grants.
///
/// @param expireAt second of the Unix epoch at which the session must be refreshed, 0 for never
/// @param channels server-side subscriptions named by the token
public record ConnectionGrant(Principal principal, long expireAt, List<String> channels) {}
