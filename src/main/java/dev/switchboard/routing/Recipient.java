package dev.switchboard.routing;

import dev.switchboard.protocol.ClientId;

/// Whom a service means.
public sealed interface Recipient {
  /// The recipient as a service names it.
  String text();

  /// One session.
  record Client(ClientId id) implements Recipient {
    @Override
    public String text() {
      return id.toString();
    }
  }

  /// Every session of a user; the empty user is the anonymous one.
  record User(String user) implements Recipient {
    @Override
    public String text() {
      return user;
    }
  }
}
