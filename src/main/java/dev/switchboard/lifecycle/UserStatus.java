package dev.switchboard.lifecycle;

/// Whether a user is there.
///
/// @param connections 0 when offline
/// @param lastSeen when the last connection ended, in milliseconds of the Unix epoch; 0 when that
///   is not known, or online
public record UserStatus(int connections, long lastSeen) {}
