package dev.switchboard.faults.referee;

import dev.switchboard.faults.referee.Fact.LogRead;
import dev.switchboard.faults.referee.Fact.LogRead.Kept;
import dev.switchboard.stream.Position;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that anybody saw of one channel. Confined to the referee's thread.
///
/// Keeps a little per publication and nothing per receipt.
final class Book {
  private final String channel;
  private final Tallies tallies;
  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final Map<String, Epoch> epochs = new LinkedHashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final Map<String, String> payloadOfKey = new HashMap<>();
  private final Set<String> attempted = new HashSet<>();
  private final Set<String> acked = new HashSet<>();
  private final Map<Position, String> unread = new LinkedHashMap<>();
  private final Map<String, LogRead> readings = new LinkedHashMap<>();
  private final Set<Position> unattempted = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<String> givenUp = new HashSet<>();
  private final Set<String> keptAgain = new HashSet<>();
  private int epochsJudged;

  Book(String channel, Tallies tallies) {
    this.channel = channel;
    this.tallies = tallies;
  }

  /// What was seen at the offsets of one continuity, and the farthest anybody was.
  private static final class Epoch {
    private final Map<Long, String> payloads = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final BitSet read = new BitSet();
    private long farthest;

    /// A log said what is there, not only an answer or a receipt.
    void read(long offset) {
      read.set(Math.toIntExact(Math.max(0, offset)));
    }

    boolean wasRead(long offset) {
      return read.get(Math.toIntExact(offset));
    }

    void reached(long offset) {
      farthest = Math.max(farthest, offset);
    }
  }

  void attempted(Fact.Attempt attempt) {
    tallies.count(Total.ATTEMPTS);
    int before = attempts.merge(attempt.key(), 1, Integer::sum) - 1;
    tallies.count(before == 0 ? Total.KEYS : Total.REPEATS);
    payloadOfKey.put(attempt.key(), attempt.payload());
    attempted.add(attempt.payload());
  }

  void stored(Fact.Stored answer) {
    tallies.chance(Rule.PLACE);
    Position position = answer.position();
    String payload = payloadOfKey.get(answer.key());
    if (position.offset() <= 0 || position.epoch().isEmpty() || payload == null) {
      tallies.breach(Rule.PLACE, () -> "an answer in %s: %s".formatted(channel, answer));
      return;
    }
    saw(position, payload);
    if (acked.add(answer.key())) {
      tallies.count(Total.ACKED);
      tallies.chance(Rule.LOST);
      tallies.chance(Rule.FENCED);
      unread.put(position, payload);
    }
  }

  void subscribed(Fact.Subscribed reply) {
    tallies.chance(Rule.PLACE);
    if (reply.position().epoch().isEmpty()) {
      tallies.breach(Rule.PLACE, () -> "a subscription of %s: %s".formatted(channel, reply));
      return;
    }
    epoch(reply.position()).reached(reply.position().offset());
    chain(reply.client()).subscribed(reply);
  }

  void left(Fact.Left end) {
    chain(end.client()).left();
  }

  void received(Fact.Received receipt) {
    tallies.count(Total.RECEIPTS);
    chain(receipt.client()).received(receipt);
    if (receipt.position().offset() > 0) {
      saw(receipt.position(), receipt.payload());
    }
  }

  void read(LogRead reading) {
    readings.put(reading.node(), reading);
    // Also an empty log shows that there is a new epoch.
    epoch(reading.top());
    String epoch = reading.top().epoch();
    long expected = reading.kept().isEmpty() ? 0 : reading.kept().getFirst().offset();
    for (Kept kept : reading.kept()) {
      tallies.chance(Rule.HOLE);
      if (kept.offset() != expected) {
        hole(reading, expected);
      }
      expected = kept.offset() + 1;
      sawInLog(new Position(epoch, kept.offset()), kept.payload());
    }
    if (!reading.kept().isEmpty() && expected != reading.top().offset() + 1) {
      hole(reading, expected);
    }
  }

  /// The first of a page may be later than the next one: others were trimmed before somebody came.
  void followed(Fact.Followed page) {
    long expected = page.kept().isEmpty() ? 0 : page.kept().getFirst().offset();
    for (Kept kept : page.kept()) {
      tallies.chance(Rule.HOLE);
      if (kept.offset() != expected || kept.offset() <= page.since()) {
        tallies.breach(Rule.HOLE, () -> "%s of %s: %s".formatted(channel, page.node(), page));
      }
      expected = kept.offset() + 1;
      sawInLog(new Position(page.top().epoch(), kept.offset()), kept.payload());
    }
  }

  private void sawInLog(Position position, String payload) {
    saw(position, payload);
    epoch(position).read(position.offset());
  }

  private void hole(LogRead reading, long expected) {
    tallies.breach(
        Rule.HOLE,
        () ->
            "%s of %s to %s lacks %d".formatted(channel, reading.node(), reading.top(), expected));
  }

  private void saw(Position position, String payload) {
    var epoch = epoch(position);
    epoch.reached(position.offset());
    String known = epoch.payloads.putIfAbsent(position.offset(), payload);
    if (known == null) {
      tallies.chance(Rule.PAYLOAD);
      tallies.chance(Rule.PHANTOM);
      unattempted.add(position);
    } else if (!known.equals(payload)) {
      tallies.breach(
          Rule.PAYLOAD, () -> "%s at %s: %s and %s".formatted(channel, position, known, payload));
    }
    Long first = epoch.offsets.putIfAbsent(payload, position.offset());
    if (first == null) {
      tallies.chance(Rule.KEY);
    } else if (first != position.offset()) {
      tallies.breach(
          Rule.KEY, () -> "%s has %s at %s and %d".formatted(channel, payload, position, first));
    }
  }

  private Epoch epoch(Position position) {
    return epochs.computeIfAbsent(position.epoch(), _ -> new Epoch());
  }

  private Chain chain(String client) {
    return chains.computeIfAbsent(client, _ -> new Chain(client + " at " + channel, tallies));
  }

  long behind(Position top) {
    return chains.values().stream().filter(chain -> chain.isBehind(top)).count();
  }

  /// Everything there is has been said.
  void rest(Fact.Rest rest) {
    judgeEpochs(rest);
    for (Position place : unattempted) {
      if (!attempted.contains(epoch(place).payloads.get(place.offset()))) {
        tallies.breach(Rule.PHANTOM, () -> "%s at %s".formatted(channel, place));
      }
    }
    unattempted.clear();
    judgeGivenUp();
    judgeKeptAgain();
    tallies.chance(Rule.UNREAD);
    if (readings.isEmpty()) {
      tallies.breach(Rule.UNREAD, () -> channel);
    } else {
      judgeLog(rest);
    }
  }

  private void judgeLog(Fact.Rest rest) {
    var log = readings.values().iterator().next();
    for (LogRead other : readings.values().stream().skip(1).toList()) {
      tallies.chance(Rule.DISAGREE);
      if (!other.top().equals(log.top()) || !agree(log.kept(), other.kept())) {
        tallies.breach(
            Rule.DISAGREE,
            () ->
                "%s ends at %s for %s, at %s for %s"
                    .formatted(channel, log.top(), log.node(), other.top(), other.node()));
      }
    }
    readings.clear();
    tallies.chance(Rule.TOP);
    long farthest = epoch(log.top()).farthest;
    if (farthest > log.top().offset()) {
      tallies.breach(
          Rule.TOP, () -> "%s ends at %s, %d was seen".formatted(channel, log.top(), farthest));
    }
    if (ended.contains(log.top().epoch())) {
      tallies.breach(Rule.TOP, () -> "%s is in %s again".formatted(channel, log.top()));
    }
    epochs.keySet().stream().filter(each -> !each.equals(log.top().epoch())).forEach(ended::add);
    judgeAcked(log, rest);
    chains.values().forEach(chain -> chain.rest(log.top()));
  }

  /// Nodes trim at times of their own, so only the shorter reading's range is compared.
  private static boolean agree(List<Kept> one, List<Kept> other) {
    int common = Math.min(one.size(), other.size());
    return one.subList(one.size() - common, one.size())
        .equals(other.subList(other.size() - common, other.size()));
  }

  private void judgeEpochs(Fact.Rest rest) {
    tallies.chance(Rule.EPOCH);
    int known = Math.max(1, epochsJudged);
    for (int more = known; more < epochs.size(); more++) {
      if (rest.newEpochs()) {
        tallies.count(Total.EPOCHS);
      } else {
        tallies.breach(Rule.EPOCH, () -> "%s had %s".formatted(channel, epochs.keySet()));
      }
    }
    epochsJudged = epochs.size();
  }

  /// Who gave up had nothing but errors, and may have been heard all the same.
  private void judgeGivenUp() {
    attempts.keySet().stream()
        .filter(key -> !acked.contains(key))
        .filter(givenUp::add)
        .map(payloadOfKey::get)
        .forEach(
            payload -> {
              tallies.count(Total.GIVEN_UP);
              if (epochs.values().stream().anyMatch(each -> each.offsets.containsKey(payload))) {
                tallies.count(Total.GIVEN_UP_KEPT);
              }
            });
  }

  /// Keys are remembered with their epoch: a repeat after its end is kept anew.
  private void judgeKeptAgain() {
    if (epochs.size() > 1) {
      payloadOfKey.values().stream()
          .filter(
              payload ->
                  epochs.values().stream()
                          .filter(each -> each.offsets.containsKey(payload))
                          .limit(2)
                          .count()
                      > 1)
          .filter(keptAgain::add)
          .forEach(_ -> tallies.count(Total.KEPT_AGAIN));
    }
  }

  private void judgeAcked(LogRead log, Fact.Rest rest) {
    Map<Long, String> kept = new HashMap<>();
    log.kept().forEach(each -> kept.put(each.offset(), each.payload()));
    long first = log.kept().isEmpty() ? log.top().offset() + 1 : log.kept().getFirst().offset();
    unread.forEach(
        (place, payload) -> {
          if (!place.epoch().equals(log.top().epoch())) {
            ended(place, rest);
          } else if (place.offset() < first) {
            tallies.count(epoch(place).wasRead(place.offset()) ? Total.FOLLOWED : Total.TRIMMED);
          } else if (!payload.equals(kept.get(place.offset()))) {
            tallies.breach(Rule.LOST, () -> "%s had %s".formatted(channel, place));
          }
        });
    unread.clear();
  }

  private void ended(Position place, Fact.Rest rest) {
    if (rest.newEpochs()) {
      tallies.count(Total.ENDED);
    } else {
      tallies.breach(Rule.FENCED, () -> "%s had %s".formatted(channel, place));
    }
  }
}
