package dev.switchboard.simulation;

import java.util.LinkedHashMap;
import java.util.Map;

/// A session of a user on one loop, with its subscriptions.
final class SimSession {
  private final long id;
  private final SimNode node;
  private final long incarnation;
  private final Subscriber user;
  private final Map<Long, Subscriber> subscriptions = new LinkedHashMap<>();

  SimSession(long id, SimNode node, long user) {
    this.id = id;
    this.node = node;
    this.incarnation = node.incarnation();
    this.user = new Subscriber(this, user);
  }

  long id() {
    return id;
  }

  SimNode node() {
    return node;
  }

  /// Of the node, when the session began.
  long incarnation() {
    return incarnation;
  }

  /// What makes it reachable as a user.
  Subscriber user() {
    return user;
  }

  Map<Long, Subscriber> subscriptions() {
    return subscriptions;
  }

  @Override
  public String toString() {
    return "session " + id + " of " + node;
  }
}
