package dev.switchboard.routing;

/// One node as `info` and the console show it.
///
/// @param uid the node's incarnation, in hexadecimal
/// @param users distinct users with a session on the node
/// @param uptimeSeconds whole seconds since start
public record NodeView(
    String uid,
    String name,
    String version,
    long clients,
    long users,
    long channels,
    long subscriptions,
    long uptimeSeconds) {}
