package dev.switchboard.simulation;

import java.util.ArrayList;
import java.util.List;

/// A publication on its way, with who must get it.
final class Publication {
  private final int id;
  private final SimNode publisher;
  private final long incarnation;
  private final long hash;
  private final long acceptedAt;
  private final List<Subscriber> expecting = new ArrayList<>();
  private long order;
  private long sentAt;

  Publication(int id, SimNode publisher, long hash, long acceptedAt) {
    this.id = id;
    this.publisher = publisher;
    this.incarnation = publisher.incarnation();
    this.hash = hash;
    this.acceptedAt = acceptedAt;
  }

  /// It is handed to the links.
  void sent(long now, long nextOrder) {
    sentAt = now;
    order = nextOrder;
  }

  int id() {
    return id;
  }

  SimNode publisher() {
    return publisher;
  }

  long incarnation() {
    return incarnation;
  }

  long hash() {
    return hash;
  }

  long acceptedAt() {
    return acceptedAt;
  }

  long sentAt() {
    return sentAt;
  }

  long order() {
    return order;
  }

  /// Subscribers on nodes that the publisher sent it to.
  List<Subscriber> expecting() {
    return expecting;
  }

  @Override
  public String toString() {
    return "publication %d (number %d of %s)".formatted(id, order, World.name(incarnation));
  }
}
