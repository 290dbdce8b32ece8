package dev.switchboard.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.protocol.ClientId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RollTest {
  private static final long NODE = 1;
  private static final long OTHER = 2;
  private static final long NOW = 1_000_000;
  private static final long LATER = NOW + Roll.NEWCOMER_MILLIS;

  private final Roll roll = new Roll();

  @Test
  void aSessionHasOneBeginningAndOneEnd() {
    // Given
    var begin = connected(client(1), "ann");
    var end = new Note.Disconnected(client(1), 3000, "closed", NOW + 7);

    // When
    List<RollChange> changes = say(begin, begin, end, end, end);

    // Then
    assertThat(changes)
        .containsExactly(
            new RollChange.Connected(client(1), "ann", NOW),
            new RollChange.Disconnected(client(1), "ann", 3000, "closed", NOW, NOW + 7));
  }

  @Test
  void whatItIsOnEndsBeforeIt() {
    // Given
    say(connected(client(1), "ann"));
    say(new Note.Subscribed(client(1), "a", NOW), new Note.Subscribed(client(1), "b", NOW));
    say(new Note.Unsubscribed(client(1), "a", NOW));

    // When
    List<RollChange> changes = say(new Note.Disconnected(client(1), 3000, "", NOW));

    // Then
    assertThat(changes)
        .containsExactly(
            new RollChange.Unsubscribed(client(1), "ann", "b", NOW),
            new RollChange.Disconnected(client(1), "ann", 3000, "", NOW, NOW));
  }

  @Test
  void nothingIsSaidOfASessionThatIsNotOpen() {
    // When
    List<RollChange> changes =
        say(
            new Note.Subscribed(client(1), "a", NOW),
            new Note.Unsubscribed(client(1), "a", NOW),
            new Note.Disconnected(client(1), 3000, "", NOW));

    // Then
    assertThat(changes).isEmpty();
  }

  @Test
  void aChannelIsOccupiedFromTheFirstNodeToTheLast() {
    // When
    List<RollChange> changes =
        say(
            new Note.Occupied("a", NODE, 1),
            new Note.Occupied("a", NODE, 2),
            new Note.Occupied("a", OTHER, 3),
            new Note.Vacated("a", NODE, 4),
            new Note.Vacated("a", NODE, 5),
            new Note.Vacated("a", OTHER, 6));

    // Then
    assertThat(changes)
        .containsExactly(
            new RollChange.Occupied("a", NODE, 1),
            new RollChange.Entered("a", OTHER),
            new RollChange.Left("a", NODE),
            new RollChange.Vacated("a", OTHER, 6));
  }

  @Test
  void whatALostNodeHadOpenEndsWithIt() {
    // Given
    say(connected(client(1), "ann"), new Note.Subscribed(client(1), "a", NOW));
    say(new Note.Occupied("a", NODE, NOW), new Note.Occupied("b", NODE, NOW));
    say(new Note.Occupied("b", OTHER, NOW), connected(client(OTHER, 2), "bob"));

    // When
    List<RollChange> changes = sayAt(LATER, alive(OTHER));

    // Then
    assertThat(changes)
        .containsExactly(
            new RollChange.Unsubscribed(client(1), "ann", "a", LATER),
            new RollChange.Disconnected(client(1), "ann", 1006, "node lost", NOW, LATER),
            new RollChange.Vacated("a", NODE, LATER),
            new RollChange.Left("b", NODE),
            new RollChange.Buried(NODE));
    assertThat(sayAt(LATER, alive(OTHER))).isEmpty();
  }

  /// It may come back from a long sleep and say again what nobody confirmed.
  @Test
  void nothingBeginsAgainOnALostNode() {
    // Given
    say(connected(client(1), "ann"));
    sayAt(LATER, alive(OTHER));

    // When
    List<RollChange> changes =
        sayAt(
            LATER,
            connected(client(1), "ann"),
            new Note.Occupied("a", NODE, LATER),
            new Note.Disconnected(client(1), 3011, "", LATER));

    // Then
    assertThat(changes).isEmpty();
  }

  /// Its client had a reply; that nobody could be told before does not undo it.
  @Test
  void whatWasNeverToldOfALostNodeIsToldInTheEnd() {
    // Given
    say(connected(client(1), "ann"));
    sayAt(LATER, alive(OTHER));

    // When
    List<RollChange> changes =
        sayAt(
            LATER, connected(client(2), "bob"), new Note.Disconnected(client(2), 3011, "", LATER));

    // Then
    assertThat(changes).hasSize(2);
  }

  @Test
  void aListOfNodesThatWaitedTooLongEndsNothing() {
    // Given
    say(connected(client(1), "ann"));

    // When
    List<RollChange> changes = sayAt(LATER + 2_001, alive(OTHER));

    // Then
    assertThat(changes).isEmpty();
  }

  @Test
  void twoLostNodesLeaveAChannelOnce() {
    // Given
    say(new Note.Occupied("a", NODE, NOW), new Note.Occupied("a", OTHER, NOW));

    // When
    boolean unfinished = roll.decide(alive(3), LATER).answer().unfinished();
    List<RollChange> changes = new ArrayList<>(sayAt(LATER, alive(3)));
    changes.addAll(sayAt(LATER, alive(3)));

    // Then
    assertThat(unfinished).isTrue();
    assertThat(changes)
        .containsExactly(
            new RollChange.Left("a", NODE),
            new RollChange.Buried(NODE),
            new RollChange.Vacated("a", OTHER, LATER),
            new RollChange.Buried(OTHER));
  }

  @Test
  void aNodeThatHasJustSpokenIsSpared() {
    // Given
    say(connected(client(1), "ann"));

    // When
    var alive = new Note.Alive(LATER - 1, Set.of(OTHER), 10, 0, Cap.NONE);
    List<RollChange> changes = sayAt(LATER - 1, alive);

    // Then
    assertThat(changes).isEmpty();
  }

  @Test
  void oneTooManyIsRefusedWhileOthersAreIn() {
    // Given
    var cap = new Cap(2, true);
    say(connected(client(1), "ann", cap), connected(client(2), "ann", cap));
    say(connected(client(3), "bob", cap));

    // When
    var refused = roll.decide(connected(client(4), "ann", cap), NOW);
    say(new Note.Disconnected(client(1), 3000, "", NOW));
    var taken = roll.decide(connected(client(4), "ann", cap), NOW);

    // Then
    assertThat(refused.changes()).isEmpty();
    assertThat(refused.answer().refused()).isTrue();
    assertThat(refused.answer().over()).containsExactly(client(1), client(2));
    assertThat(taken.answer()).isEqualTo(Noted.DONE);
  }

  @Test
  void oneTooManyComesInAndTheOldestAreNamed() {
    // Given
    var cap = new Cap(1, false);
    say(connected(client(2), "ann", cap));

    // When
    var decision = roll.decide(connected(client(1), "ann", cap), NOW);

    // Then
    assertThat(decision.changes()).hasSize(1);
    assertThat(decision.answer().over()).containsExactly(client(2));
  }

  @Test
  void anonymousSessionsAreNotCounted() {
    // Given
    var cap = new Cap(1, true);

    // When
    List<RollChange> changes = say(connected(client(1), "", cap), connected(client(2), "", cap));

    // Then
    assertThat(changes).hasSize(2);
  }

  @Test
  void usersWithTooManyAreNamedInTurn() {
    // Given
    for (int number = 0; number < 6; number++) {
      say(connected(client(number), "user-" + number % 3));
    }

    // When
    Set<List<ClientId>> named = new HashSet<>();
    for (int second = 0; second < 3; second++) {
      var alive = new Note.Alive(second * 1_000L, Set.of(NODE), 10, 0, new Cap(1, true));
      named.add(roll.decide(alive, second * 1_000L).answer().over());
    }

    // Then
    assertThat(named)
        .containsExactlyInAnyOrder(
            List.of(client(0), client(3)),
            List.of(client(1), client(4)),
            List.of(client(2), client(5)));
  }

  @Test
  void itSaysWhoIsThereAndWhoWasLast() {
    // Given
    say(connected(client(1), "ann"), connected(client(2), "ann"), connected(client(3), "bob"));
    say(new Note.Disconnected(client(3), 3000, "", NOW + 5));

    // When
    var look = roll.decide(new Note.Look(List.of("ann", "bob", "cid")), NOW);

    // Then
    assertThat(look.changes()).isEmpty();
    assertThat(look.answer().statuses())
        .containsExactly(new UserStatus(2, 0), new UserStatus(0, NOW + 5), new UserStatus(0, 0));
  }

  @Test
  void whoWasSeenLongAgoIsForgottenAndWhoIsOneTooMany() {
    // Given
    for (int number = 0; number < 4; number++) {
      say(connected(client(number), "user-" + number));
      say(new Note.Disconnected(client(number), 3000, "", NOW + number));
    }

    // When
    sayAt(NOW, new Note.Alive(NOW, Set.of(NODE), 3, NOW + 2, Cap.NONE));

    // Then
    var users = List.of("user-0", "user-1", "user-2", "user-3");
    assertThat(roll.decide(new Note.Look(users), NOW).answer().statuses())
        .extracting(UserStatus::lastSeen)
        .containsExactly(0L, 0L, NOW + 2, NOW + 3);
  }

  @Test
  void aReaderNeverGoesBack() {
    // Given
    say(new Note.Read("hook", "e", 7));

    // When
    List<RollChange> changes = say(new Note.Read("hook", "e", 5));

    // Then
    assertThat(changes).isEmpty();
    assertThat(roll.decide(new Note.Read("hook", "e", 0), NOW).answer().read()).isEqualTo(7);
  }

  /// Whatever is said: a copy that is told the changes, and one that is made of a sheet halfway,
  /// are the roll; and each subject's events alternate.
  @Property(tries = 300)
  void aCopyIsTheSame(@ForAll long seed) {
    // Given
    var random = new Random(seed);
    var roll = new Roll();
    var copy = new Roll();
    var witness = new Witness(true);

    // When
    for (int step = 0; step < 200; step++) {
      long now = NOW + step * 100L;
      Note note = Notes.any(random, now);
      for (RollChange change : roll.decide(note, now).changes()) {
        roll.happen(change, now);
        copy.happen(change, now);
        witness.see(change);
      }
      if (random.nextInt(50) == 0) {
        copy = Roll.of(copy.sheet());
      }
    }

    // Then
    assertThat(copy.sheet()).isEqualTo(roll.sheet());
    assertThat(copy.bytes()).isEqualTo(roll.bytes());
  }

  private List<RollChange> say(Note... notes) {
    return sayAt(NOW, notes);
  }

  private List<RollChange> sayAt(long now, Note... notes) {
    List<RollChange> all = new ArrayList<>();
    for (Note note : notes) {
      for (RollChange change : roll.decide(note, now).changes()) {
        roll.happen(change, now);
        all.add(change);
      }
    }
    return all;
  }

  private static Note.Connected connected(ClientId client, String user) {
    return connected(client, user, Cap.NONE);
  }

  private static Note.Connected connected(ClientId client, String user, Cap cap) {
    return new Note.Connected(client, user, NOW, cap);
  }

  private static Note.Alive alive(long node) {
    return new Note.Alive(LATER, Set.of(node), 10, 0, Cap.NONE);
  }

  private static ClientId client(int number) {
    return client(NODE, number);
  }

  private static ClientId client(long node, int number) {
    return new ClientId(node, 0, number, 7);
  }
}
