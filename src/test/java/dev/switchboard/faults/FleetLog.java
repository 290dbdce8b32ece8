package dev.switchboard.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All sessions of all clients, made from their events. Confined to the harness's thread.
final class FleetLog {
  private final Map<String, Session> latest = new HashMap<>();
  private final List<Session> sessions = new ArrayList<>();

  void apply(FleetEvent event) {
    Session session = latest.get(event.client());
    if (event instanceof FleetEvent.Connected connected) {
      session = new Session(connected.client(), connected.id());
      latest.put(connected.client(), session);
      sessions.add(session);
    } else if (session != null) {
      apply(session, event);
    }
  }

  private static void apply(Session session, FleetEvent event) {
    switch (event) {
      case FleetEvent.Connected _ -> throw new IllegalArgumentException("begins a session");
      case FleetEvent.Connecting lost -> session.end(lost.at(), lost.code());
      case FleetEvent.Disconnected lost -> session.end(lost.at(), lost.code());
      case FleetEvent.Subscribed begun -> session.subscribed(begun.channel(), begun.at());
      case FleetEvent.Unsubscribed over -> session.unsubscribed(over.channel());
      case FleetEvent.Received received -> session.received().add(received);
      case FleetEvent.Positioned begun -> session.subscribed(begun.channel(), begun.at());
      case FleetEvent.Interrupted over -> session.unsubscribed(over.channel());
      case FleetEvent.Numbered _ -> {
        // What streams deliver is the referee's.
      }
    }
  }

  /// Every session since the last [#forget], and those that were open then.
  List<Session> sessions() {
    return List.copyOf(sessions);
  }

  /// Whether so many clients have an open session each, with so many subscriptions.
  boolean settled(int clients, int channels) {
    return open().stream().filter(session -> session.channels() == channels).count() == clients;
  }

  /// The open sessions.
  List<Session> open() {
    return latest.values().stream().filter(Session::open).toList();
  }

  /// How often which code ended a session.
  Map<Integer, Long> endCodes() {
    Map<Integer, Long> codes = new TreeMap<>();
    sessions.stream()
        .filter(session -> !session.open())
        .forEach(session -> codes.merge(session.endCode(), 1L, Long::sum));
    return codes;
  }

  /// Starts a new page: only what is open is kept, and nothing of what it received.
  void forget() {
    sessions.removeIf(session -> !session.open());
    sessions.forEach(session -> session.received().clear());
  }
}
