package dev.switchboard.backend;

/// What a back end answers when the time of a session or a subscription is over.
///
/// @param expired whether it ends
/// @param expireAt second of the Unix epoch at which it is asked again, 0 for never
/// @param info JSON bytes shown to others from now on, or null to leave them
/// @param meta JSON object that back ends are told from now on, or null to leave it; of sessions
public record Renewal(boolean expired, long expireAt, byte[] info, byte[] meta) {}
