package dev.switchboard.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How often clients had to connect again, how long it took, and how many did at once. Immutable.
///
/// @param perClient clients by how often they had to
/// @param pauses from the end of a session until the next one had all its subscriptions
/// @param atOnceMax the most clients that were without a whole session at one moment
record Moves(Map<Integer, Long> perClient, Percentiles pauses, int atOnceMax) {
  /// Reads them from the sessions of all clients, in the order of their beginnings.
  ///
  /// @param sessions each client's open one, and those that ended since it began to be watched
  static Moves of(List<Session> sessions) {
    Map<String, List<Session>> lives = new HashMap<>();
    sessions.forEach(
        session -> lives.computeIfAbsent(session.client(), _ -> new ArrayList<>()).add(session));
    Map<Integer, Long> perClient = new TreeMap<>();
    List<Duration> pauses = new ArrayList<>();
    Map<Long, Integer> edges = new TreeMap<>();
    for (List<Session> life : lives.values()) {
      int moves = 0;
      for (int each = 0; each < life.size(); each++) {
        Session left = life.get(each);
        if (left.open()) {
          continue;
        }
        moves++;
        long whole = each + 1 < life.size() ? life.get(each + 1).wholeAt() : Session.NEVER;
        edges.merge(left.endedAt(), 1, Integer::sum);
        if (whole != Session.NEVER) {
          edges.merge(whole, -1, Integer::sum);
          pauses.add(Duration.ofMillis(whole - left.endedAt()));
        }
      }
      perClient.merge(moves, 1L, Long::sum);
    }
    return new Moves(perClient, new Percentiles(pauses), atOnceMax(edges));
  }

  private static int atOnceMax(Map<Long, Integer> edges) {
    int without = 0;
    int most = 0;
    for (int change : edges.values()) {
      without += change;
      most = Math.max(most, without);
    }
    return most;
  }

  /// How many clients there are.
  long clients() {
    return perClient.values().stream().mapToLong(Long::longValue).sum();
  }

  /// The most that one client had.
  int max() {
    return perClient.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /// The share of clients that had no more than so many, 0 to 1.
  double shareUpTo(int moves) {
    long few =
        perClient.entrySet().stream()
            .filter(each -> each.getKey() <= moves)
            .mapToLong(Map.Entry::getValue)
            .sum();
    return (double) few / clients();
  }

  /// The most that reconnected at once, as a share of all, 0 to 1.
  double shareAtOnce() {
    return (double) atOnceMax / clients();
  }
}
