package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.faults.FleetEvent.Received;
import dev.switchboard.faults.FleetEvent.Stamp;
import dev.switchboard.faults.Ledger.Disturbance;
import dev.switchboard.faults.Sent.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The checker finds what it is for; node 1 publishes, both sessions are on node 2.
class LedgerTest {
  private static final long STALE = Ledger.staleMillis(1);

  private static final FleetEvent.Publisher PUBLISHER = new FleetEvent.Publisher(1, 0);

  private final List<Sent> sent = new ArrayList<>();
  private final List<Disturbance> disturbed = new ArrayList<>();
  private final Session first = session("1");
  private final Session second = session("2");

  private static Session session(String client) {
    var session = new Session(client, "id-" + client);
    session.subscribed("room", 100);
    return session;
  }

  private static Stamp publication(long number, long at) {
    return new Stamp(PUBLISHER, number, at);
  }

  private Stamp accepted(long number, long at) {
    var stamp = publication(number, at);
    sent.add(new Sent(stamp, "room", Outcome.ACCEPTED));
    return stamp;
  }

  private static void receive(Session session, Stamp stamp, long after) {
    var received = new Received(stamp.at() + after, session.client(), "room", stamp);
    session.received().add(received);
  }

  private Tally tally() {
    return tally(0);
  }

  private Tally tally(int inHand) {
    return new Ledger(sent, List.of(first, second), _ -> 2, disturbed, STALE, inHand).tally();
  }

  @Test
  void allIsWell() {
    // Given
    for (long number = 1; number <= 3; number++) {
      var stamp = accepted(number, 1_000 * number);
      receive(first, stamp, 5);
      receive(second, stamp, 7);
    }

    // When
    var tally = tally();

    // Then
    assertThat(tally).isEqualTo(new Tally(3, 6, 0, 0, 0, 0, 0, 7));
  }

  @Test
  void whatOneDidNotGetIsLost() {
    // Given
    accepted(1, 1_000);
    var stamp = accepted(2, 2_000);
    receive(first, stamp, 5);
    receive(second, stamp, 5);

    // When
    var tally = tally();

    // Then
    assertThat(tally.lost()).isEqualTo(2);
    assertThat(tally.missed()).isZero();
  }

  @Test
  void itIsOnlyMissedWhereANodeWasUnderTheFault() {
    // Given
    accepted(1, 1_000);
    accepted(2, 2_000);
    accepted(3, 3_000);
    disturbed.add(new Disturbance(2, 1_500, 2_500));
    disturbed.add(new Disturbance(1, 2_900, 3_100));

    // When
    var tally = tally();

    // Then
    assertThat(tally.missed()).isEqualTo(4);
    assertThat(tally.lost()).isEqualTo(2);
  }

  @Test
  void nobodyWaitsForWhatWasNotAcceptedOrNotWanted() {
    // Given
    sent.add(new Sent(publication(1, 1_000), "room", Outcome.REFUSED));
    sent.add(new Sent(publication(2, 1_000), "room", Outcome.UNKNOWN));
    accepted(3, 99);
    first.end(2_000, 1);
    second.unsubscribed("room");
    accepted(4, 1_500);

    // When
    var tally = tally();

    // Then
    assertThat(tally).isEqualTo(new Tally(2, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aSessionThatEndedLaterHadTime() {
    // Given
    accepted(1, 1_000);
    first.end(10_000, 1);

    // When
    var tally = tally();

    // Then
    assertThat(tally.lost()).isEqualTo(2);
  }

  @Test
  void twiceIsFoundPerSession() {
    // Given
    var stamp = accepted(1, 1_000);
    receive(first, stamp, 5);
    receive(second, stamp, 5);
    receive(second, stamp, 500);

    // When
    var tally = tally();

    // Then
    assertThat(tally.duplicates()).isEqualTo(1);
    assertThat(tally.reordered()).isZero();
  }

  @Test
  void orderIsPerPublisher() {
    // Given
    var one = accepted(1, 1_000);
    var two = accepted(2, 1_010);
    var later = new Stamp(new FleetEvent.Publisher(1, 1), 1, 1_020);
    receive(first, two, 20);
    receive(first, one, 40);
    receive(first, later, 40);
    receive(second, one, 40);
    receive(second, later, 40);
    receive(second, two, 60);

    // When
    var tally = tally();

    // Then
    assertThat(tally.reordered()).isEqualTo(1);
  }

  @Test
  void whatIsTooOldIsStale() {
    // Given
    receive(first, accepted(1, 1_000), STALE);
    receive(second, accepted(2, 1_000), STALE + 1);

    // When
    var tally = tally();

    // Then
    assertThat(tally.stale()).isEqualTo(1);
    assertThat(tally.oldestMillis()).isEqualTo(STALE + 1);
  }

  @Test
  void whatWasInHandWhenAProcessWasStoppedExplainsOneSession() {
    // Given
    receive(first, accepted(1, 1_000), 30_000);
    receive(second, accepted(2, 1_000), 30_000);
    receive(second, accepted(3, 1_000), 30_000);

    // When
    var stale = List.of(tally(0).stale(), tally(1).stale(), tally(2).stale());

    // Then
    assertThat(stale).containsExactly(3L, 2L, 0L);
  }
}
