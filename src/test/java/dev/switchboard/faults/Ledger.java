package dev.switchboard.faults;

import dev.switchboard.faults.FleetEvent.Received;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// Compares what was published with what every session received. Pure.
///
/// @param sent every attempt
/// @param sessions every session, whole
/// @param nodeOf the number of a session's node, 0 when nobody knows
/// @param disturbed when which nodes were under a fault
/// @param staleMillis age beyond which a publication should not be delivered any more
/// @param inHand sessions that may get something older: what a process was about to hand to the
///   kernel when it was stopped goes out when it runs again, one write for each event loop
record Ledger(
    List<Sent> sent,
    List<Session> sessions,
    ToIntFunction<Session> nodeOf,
    List<Disturbance> disturbed,
    long staleMillis,
    int inHand) {
  private static final long AGE_MAX_MILLIS = 2_000;
  private static final long WAYS_MILLIS = 250;
  private static final int WAYS_SLACK_MAX = 11;

  /// The promise of `link.age_max`, and what the ways to and from the nodes may take: longer where
  /// many clients wait for a processor.
  ///
  /// @param slack what limits are multiplied by
  static long staleMillis(int slack) {
    return AGE_MAX_MILLIS + WAYS_MILLIS * Math.min(slack, WAYS_SLACK_MAX);
  }

  // A session that ends may not have read what came just before its end.
  private static final long DELIVERY_MILLIS = 2_500;

  /// A node under a fault, in milliseconds of the machine's clock.
  record Disturbance(int node, long from, long until) {
    boolean covers(int number, long at) {
      return (number == 0 || number == node) && from <= at && at < until;
    }
  }

  /// Everything counted.
  Tally tally() {
    Map<String, List<Sent>> accepted =
        sent.stream()
            .filter(one -> one.outcome() == Sent.Outcome.ACCEPTED)
            .collect(Collectors.groupingBy(Sent::channel));
    var count = new Count();
    for (Session session : sessions) {
      count.receipts(session.received());
      Set<Key> seen =
          session.received().stream().map(Key::of).collect(Collectors.toCollection(HashSet::new));
      accepted.forEach(
          (channel, publications) ->
              publications.stream()
                  .filter(one -> wasSubscribed(session, channel, one.stamp().at()))
                  .filter(one -> !seen.contains(Key.of(one)))
                  .forEach(one -> count.absent(isDisturbed(one, session))));
    }
    return count.tally(accepted.values().stream().mapToLong(Collection::size).sum());
  }

  private static boolean wasSubscribed(Session session, String channel, long at) {
    return session.subscribedAt(channel) <= at
        && (session.open() || at + DELIVERY_MILLIS < session.endedAt());
  }

  private boolean isDisturbed(Sent one, Session session) {
    long at = one.stamp().at();
    int receiver = nodeOf.applyAsInt(session);
    return disturbed.stream()
        .anyMatch(
            each -> each.covers(one.stamp().publisher().node(), at) || each.covers(receiver, at));
  }

  private record Key(String channel, FleetEvent.Publisher publisher, long number) {
    static Key of(Received one) {
      return new Key(one.channel(), one.stamp().publisher(), one.stamp().number());
    }

    static Key of(Sent one) {
      return new Key(one.channel(), one.stamp().publisher(), one.stamp().number());
    }
  }

  private final class Count {
    private long delivered;
    private long lost;
    private long missed;
    private long duplicates;
    private long reordered;
    private final List<Long> stale = new ArrayList<>();
    private long oldest;

    void receipts(List<Received> all) {
      long late = 0;
      Set<Key> seen = new HashSet<>();
      Map<Key, Long> latest = new HashMap<>();
      for (Received one : all) {
        delivered++;
        long age = one.at() - one.stamp().at();
        oldest = Math.max(oldest, age);
        late += age > staleMillis ? 1 : 0;
        if (!seen.add(Key.of(one))) {
          duplicates++;
          continue;
        }
        long number = one.stamp().number();
        var stream = new Key(one.channel(), one.stamp().publisher(), 0);
        reordered += number < latest.getOrDefault(stream, 0L) ? 1 : 0;
        latest.merge(stream, number, Math::max);
      }
      stale.add(late);
    }

    /// But for what was in hand, where that explains the fewest.
    private long stale() {
      return stale.stream().filter(late -> late > 0).sorted().skip(inHand).mapToLong(n -> n).sum();
    }

    void absent(boolean allowed) {
      if (allowed) {
        missed++;
      } else {
        lost++;
      }
    }

    Tally tally(long accepted) {
      return new Tally(accepted, delivered, lost, missed, duplicates, reordered, stale(), oldest);
    }
  }
}
