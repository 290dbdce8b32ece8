package dev.switchboard.session;

import dev.switchboard.metrics.NodeMeters;
import dev.switchboard.metrics.NodeMeters.Move;
import dev.switchboard.protocol.CloseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Closes sessions of one event loop in the course of time, so that their clients come to the other
/// nodes one after the other. Confined to that loop.
///
/// Whoever leaves the node takes all along; whoever has too many sheds some. Leaving wins.
public final class Departures {
  private final Sessions sessions;
  private final NodeMeters meters;
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private Drain<Session> under = new Drain<>(List.of(), 0, 0, random);
  private boolean leaving;

  /// @param sessions of the loop
  public Departures(Sessions sessions, NodeMeters meters) {
    this.sessions = sessions;
    this.meters = meters;
  }

  /// Begins to close all who are here, with 3001.
  ///
  /// @param period over which they go
  public void drain(Duration period) {
    leaving = true;
    under = new Drain<>(olderThan(0), System.nanoTime(), period.toNanos(), random);
  }

  /// Begins to close some of those who are here, with 3011; nothing while the node leaves.
  ///
  /// @param count how many at most
  /// @param period over which they go
  /// @param ageMin seconds for which nobody is moved who has just come
  public void shed(int count, Duration period, int ageMin) {
    if (leaving) {
      return;
    }
    List<Session> chosen = olderThan(ageMin);
    Collections.shuffle(chosen, random);
    under =
        new Drain<>(
            chosen.subList(0, Math.min(count, chosen.size())),
            System.nanoTime(),
            period.toNanos(),
            random);
  }

  private List<Session> olderThan(int seconds) {
    List<Session> found = new ArrayList<>(sessions.size());
    sessions.forEach(
        session -> {
          if (session.age() >= seconds) {
            found.add(session);
          }
        });
    return found;
  }

  /// Closes those whose moment has come.
  public void onTick() {
    close(under.due(System.nanoTime()));
  }

  /// Closes all who are left, with 3001.
  public void leave() {
    leaving = true;
    close(olderThan(0));
  }

  private void close(List<Session> whose) {
    CloseCode code = leaving ? CloseCode.SHUTDOWN : CloseCode.FORCE_RECONNECT;
    Move reason = leaving ? Move.DRAIN : Move.REBALANCE;
    for (Session session : whose) {
      if (session.isOpen()) {
        session.close(code);
        meters.onMoved(reason);
      }
    }
  }
}
