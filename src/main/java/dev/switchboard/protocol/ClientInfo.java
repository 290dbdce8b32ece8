package dev.switchboard.protocol;

/// Who did something on a channel, as other clients may see it.
///
/// @param user the principal's user id; empty for the anonymous user
/// @param client the session's public id
/// @param connInfo JSON bytes from the connection token, or null
/// @param chanInfo JSON bytes from the subscription, or null
public record ClientInfo(String user, String client, byte[] connInfo, byte[] chanInfo) {}
