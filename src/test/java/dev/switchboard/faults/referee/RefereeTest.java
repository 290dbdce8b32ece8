package dev.switchboard.faults.referee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.faults.referee.Fact.LogRead;
import dev.switchboard.faults.referee.Fact.LogRead.Kept;
import dev.switchboard.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Each rule is found broken where it is, and not where it is not: one channel, two clients.
class RefereeTest {
  private static final String CHANNEL = "kept:a";

  private final List<Fact> facts = new ArrayList<>();
  private final List<Kept> log = new ArrayList<>();
  private boolean newEpochs;

  private static Position at(long offset) {
    return new Position("one", offset);
  }

  private void attempt(String key, int number) {
    facts.add(new Fact.Attempt(1, "p", key, number, CHANNEL, "hash-" + key));
  }

  private void stored(String key, long offset) {
    facts.add(new Fact.Stored(1, key, 1, CHANNEL, at(offset)));
  }

  /// Attempted, kept and acknowledged.
  private void publish(String key) {
    attempt(key, 1);
    keep(key);
    stored(key, log.getLast().offset());
  }

  private void keep(String key) {
    long offset = log.isEmpty() ? 1 : log.getLast().offset() + 1;
    log.add(new Kept(offset, "hash-" + key));
  }

  private void subscribe(String client, Position position, boolean recovering, boolean recovered) {
    facts.add(new Fact.Subscribed(1, client, CHANNEL, position, recovering, recovered));
  }

  private void receive(String client, long offset) {
    receive(client, at(offset), log.get((int) offset - 1).payload());
  }

  private void receive(String client, Position position, String payload) {
    facts.add(new Fact.Received(1, client, CHANNEL, position, payload));
  }

  private void read(String node, Position top) {
    facts.add(new LogRead(1, node, CHANNEL, top, List.copyOf(log)));
  }

  private void rest() {
    read("node-1", at(log.size()));
    read("node-2", at(log.size()));
    facts.add(new Fact.Rest(1, "test", newEpochs));
  }

  /// Three publications, of which ada got all and bob all since he came.
  private void begin() {
    subscribe("ada", at(0), false, false);
    publish("a");
    receive("ada", 1);
    subscribe("bob", at(1), false, false);
    publish("b");
    publish("c");
    Stream.of("ada", "bob")
        .forEach(
            client -> {
              receive(client, 2);
              receive(client, 3);
            });
  }

  private Verdict judge() {
    var referee = new Referee();
    facts.stream().map(FactCodec::encode).map(FactCodec::decode).forEach(referee::hear);
    return referee.verdict();
  }

  private List<Rule> broken() {
    var verdict = judge();
    return Stream.of(Rule.values()).filter(rule -> verdict.score(rule).breaches() > 0).toList();
  }

  @Test
  void allIsWell() {
    // Given
    begin();
    attempt("c", 2);
    stored("c", 3);
    facts.add(new Fact.Left(1, "bob", CHANNEL, 1));
    publish("d");
    receive("ada", 4);
    subscribe("bob", at(3), true, true);
    receive("bob", 4);
    rest();

    // When
    var verdict = judge();

    // Then
    assertThat(verdict.failures()).isEmpty();
    assertThat(verdict.score(Rule.LOST)).isEqualTo(new Score(0, 4));
    assertThat(verdict.score(Rule.DUPLICATE)).isEqualTo(new Score(0, 7));
    assertThat(verdict.score(Rule.BEHIND)).isEqualTo(new Score(0, 2));
    assertThat(verdict.score(Rule.DISAGREE)).isEqualTo(new Score(0, 1));
    assertThat(verdict.total(Total.RECOVERED)).isEqualTo(1);
    assertThat(verdict.total(Total.REPEATS)).isEqualTo(1);
  }

  @Test
  void nothingHeardIsNotWell() {
    assertThat(new Referee().verdict().failures()).hasSize(3);
  }

  @Test
  void aPublicationLeftOutIsAGap() {
    // Given
    begin();
    publish("d");
    publish("e");
    receive("ada", 4);
    receive("ada", 5);
    receive("bob", 5);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.GAP);
  }

  @Test
  void recoveredFromElsewhereIsAGap() {
    // Given
    begin();
    facts.add(new Fact.Left(1, "bob", CHANNEL, 1));
    publish("d");
    receive("ada", 4);
    subscribe("bob", at(4), true, true);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.GAP);
  }

  @Test
  void recoveredIntoAnotherEpochIsAGap() {
    // Given
    begin();
    newEpochs = true;
    subscribe("bob", new Position("two", 3), true, true);

    // When // Then
    assertThat(broken()).containsExactly(Rule.GAP);
  }

  @Test
  void notRecoveredIsNoGap() {
    // Given
    begin();
    facts.add(new Fact.Left(1, "bob", CHANNEL, 1));
    publish("d");
    receive("ada", 4);
    subscribe("bob", at(4), true, false);
    rest();

    // When
    var verdict = judge();

    // Then
    assertThat(verdict.failures()).isEmpty();
    assertThat(verdict.total(Total.FLAGGED)).isEqualTo(1);
  }

  @Test
  void theLastOneMissingIsBehind() {
    // Given
    begin();
    publish("d");
    receive("ada", 4);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.BEHIND);
  }

  @Test
  void whoIsAwayIsNotBehind() {
    // Given
    begin();
    facts.add(new Fact.Left(1, "bob", CHANNEL, 1));
    publish("d");
    receive("ada", 4);
    rest();

    // When // Then
    assertThat(broken()).isEmpty();
  }

  @Test
  void onceMoreIsADuplicate() {
    // Given
    begin();
    receive("bob", 3);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.DUPLICATE);
  }

  @Test
  void afterALaterOneIsReordered() {
    // Given
    begin();
    publish("d");
    publish("e");
    receive("ada", 4);
    receive("ada", 5);
    receive("bob", 5);
    receive("bob", 4);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.GAP, Rule.ORDER);
  }

  @Test
  void anythingWithoutAnOffsetHasNoPlace() {
    // Given
    begin();
    receive("bob", at(0), "hash-c");
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.PLACE);
  }

  @Test
  void twoPayloadsAtOnePlaceAreFound() {
    // Given
    begin();
    attempt("x", 1);
    publish("d");
    receive("ada", 4);
    receive("bob", at(4), "hash-x");
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.PAYLOAD);
  }

  @Test
  void ackedAndNotInTheLogIsLost() {
    // Given
    begin();
    log.removeFirst();
    log.remove(0);
    log.addFirst(new Kept(1, "hash-a"));
    rest();
    facts.removeIf(fact -> fact instanceof LogRead);
    facts.add(facts.size() - 1, new LogRead(1, "node-1", CHANNEL, at(3), List.copyOf(log)));

    // When // Then
    assertThat(broken()).containsExactly(Rule.LOST, Rule.HOLE);
  }

  @Test
  void ackedBeyondTheEndIsLost() {
    // Given
    begin();
    attempt("d", 1);
    stored("d", 4);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.LOST, Rule.TOP);
  }

  @Test
  void trimmedIsNotLost() {
    // Given
    begin();
    log.removeFirst();
    read("node-1", at(3));
    facts.add(new Fact.Rest(1, "test", false));

    // When
    var verdict = judge();

    // Then
    assertThat(verdict.failures()).isEmpty();
    assertThat(verdict.total(Total.TRIMMED)).isEqualTo(1);
  }

  @Test
  void anEpochThatEndsNeedsAReason() {
    // Given
    begin();
    log.clear();
    var top = new Position("two", 0);
    Stream.of("ada", "bob").forEach(client -> subscribe(client, top, true, false));
    read("node-1", top);
    facts.add(new Fact.Rest(1, "test", false));
    var unneeded = broken();
    facts.set(facts.size() - 1, new Fact.Rest(1, "test", true));

    // When
    var verdict = judge();

    // Then
    assertThat(unneeded).containsExactly(Rule.FENCED, Rule.EPOCH);
    assertThat(verdict.failures()).isEmpty();
    assertThat(verdict.total(Total.ENDED)).isEqualTo(3);
    assertThat(verdict.total(Total.EPOCHS)).isEqualTo(1);
  }

  @Test
  void whoWasNotToldOfANewEpochIsBehind() {
    // Given
    begin();
    log.clear();
    var top = new Position("two", 0);
    subscribe("ada", top, true, false);
    read("node-1", top);
    facts.add(new Fact.Rest(1, "test", true));

    // When // Then
    assertThat(broken()).containsExactly(Rule.BEHIND);
  }

  @Test
  void anEpochThatEndedStaysEnded() {
    // Given
    begin();
    var top = new Position("two", 0);
    Stream.of("ada", "bob").forEach(client -> subscribe(client, top, true, false));
    facts.add(new LogRead(1, "node-1", CHANNEL, top, List.of()));
    facts.add(new Fact.Rest(1, "test", true));
    Stream.of("ada", "bob").forEach(client -> subscribe(client, at(3), true, false));
    newEpochs = true;
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.TOP);
    assertThat(judge().score(Rule.TOP).breaches()).isEqualTo(3);
  }

  @Test
  void whatNobodyPublishedIsAPhantom() {
    // Given
    begin();
    keep("ghost");
    receive("ada", 4);
    receive("bob", 4);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.PHANTOM);
  }

  @Test
  void oneKeyTwiceIsFound() {
    // Given
    begin();
    keep("a");
    receive("ada", 4);
    receive("bob", 4);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.KEY);
  }

  @Test
  void oneKeyAcknowledgedTwiceIsFound() {
    // Given
    begin();
    attempt("a", 2);
    stored("a", 4);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.KEY, Rule.TOP);
  }

  @Test
  void aSubscriptionThatGoesBackIsFound() {
    // Given
    begin();
    subscribe("bob", at(2), true, false);
    rest();

    // When // Then
    assertThat(broken()).containsExactly(Rule.TOP);
  }

  @Test
  void nodesThatDisagreeAreFound() {
    // Given
    begin();
    read("node-1", at(3));
    log.removeLast();
    read("node-2", at(2));
    facts.add(new Fact.Rest(1, "test", false));

    // When // Then
    assertThat(broken()).containsExactly(Rule.DISAGREE);
  }

  @Test
  void aLogThatNobodyReadIsFound() {
    // Given
    begin();
    facts.add(new Fact.Rest(1, "test", false));

    // When // Then
    assertThat(broken()).containsExactly(Rule.UNREAD);
  }

  @Test
  void aRefusalIsNoLoss() {
    // Given
    begin();
    attempt("d", 1);
    facts.add(new Fact.Refused(1, "d", 1, CHANNEL, 100));
    attempt("e", 1);
    facts.add(new Fact.Unanswered(1, "e", 1, CHANNEL));
    keep("e");
    receive("ada", 4);
    receive("bob", 4);
    rest();

    // When
    var verdict = judge();

    // Then
    assertThat(verdict.failures()).isEmpty();
    assertThat(verdict.total(Total.REFUSED)).isEqualTo(1);
    assertThat(verdict.total(Total.UNANSWERED)).isEqualTo(1);
  }

  @Test
  void aLaterVerdictIsWhatCameSince() {
    // Given
    begin();
    receive("bob", 3);
    rest();
    var earlier = judge();
    publish("d");
    receive("ada", 4);
    receive("bob", 4);
    rest();

    // When
    var since = judge().since(earlier);

    // Then
    assertThat(since.failures()).isEmpty();
    assertThat(since.score(Rule.DUPLICATE)).isEqualTo(new Score(0, 2));
    assertThat(since.plus(earlier)).extracting(Verdict::scores).isEqualTo(judge().scores());
  }
}
