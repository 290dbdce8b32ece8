package dev.switchboard.routing;

import dev.switchboard.protocol.ClientId;

/// Whom a service means.
public sealed interface Recipient {
  /// One session.
  record Client(ClientId id) implements Recipient {}

  /// Every session of a user; the empty user is the anonymous one.
  record User(String user) implements Recipient {}
}
