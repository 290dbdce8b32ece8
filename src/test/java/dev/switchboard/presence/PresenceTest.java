package dev.switchboard.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.presence.Halls.Hall;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private final Halls halls = new Halls(3);
  private final Hall a = halls.get(0);
  private final Hall b = halls.get(1);
  private final Hall c = halls.get(2);

  @Test
  void whoComesAndGoesIsToldWhereItMattersAndNowhereElse() {
    // Given
    a.open("room");
    b.open("room");
    halls.settle();

    // When
    a.join("room", 1);
    b.join("room", 2);
    halls.settle();
    a.leave("room", 1);
    halls.settle();

    // Then
    assertThat(a.heard).containsExactly("+1/1", "+2/2", "-1/1");
    assertThat(b.heard).containsExactlyInAnyOrder("+1/1", "+2/2", "-1/1");
    assertThat(c.heard).isEmpty();
    assertThat(a.members("room")).contains(Set.of(b.id(2)));
    assertThat(b.members("room")).contains(Set.of(b.id(2)));
    assertThat(c.members("room")).isEmpty();
  }

  @Test
  void whoWasThereBeforeIsKnownButDidNotComeNow() {
    // Given
    a.open("room");
    for (int slot = 0; slot < 1_000; slot++) {
      a.join("room", slot);
    }
    halls.settle();

    // When
    b.open("room");
    halls.settle();

    // Then
    assertThat(b.heard).isEmpty();
    assertThat(b.members("room").orElseThrow()).hasSize(1_000);
    assertThat(b.presence.find("room").orElseThrow().users()).isEqualTo(3);
  }

  @Test
  void nothingIsKnownBeforeEveryOtherNodeHasToldItsOwn() {
    // Given
    a.open("room");
    a.join("room", 1);
    halls.settle();

    // When
    b.open("room");

    // Then
    assertThat(b.members("room")).isEmpty();
    halls.settle();
    assertThat(b.members("room")).contains(Set.of(a.id(1)));
  }

  @Test
  void whoComesWhileTheOthersAreToldIsHeardOf() {
    // Given
    a.open("room");
    for (int slot = 0; slot < 1_000; slot++) {
      a.join("room", slot);
    }
    b.open("room");
    b.endTurn();
    a.endTurn();
    b.arriveFrom(a);
    a.arriveFrom(b);

    // When
    a.join("room", 5_000);
    a.leave("room", 5_000);
    a.leave("room", 700);
    a.join("room", 5_001);
    halls.settle();

    // Then
    assertThat(b.heard).containsExactly("+1/5000", "-1/5000", "+1/5001");
    assertThat(b.members("room").orElseThrow()).hasSize(1_000).contains(a.id(5_001));
  }

  @Test
  void whatALinkHadNoRoomForIsMadeUpFor() {
    // Given
    twoOfAAreKnownToB();

    // When
    halls.room(b, 1);
    a.join("room", 3);
    a.join("room", 4);
    a.leave("room", 1);
    halls.settle();

    // Then
    assertThat(b.heard).containsExactlyInAnyOrder("+1/3", "+1/4", "-1/1");
    assertThat(b.members("room")).contains(Set.of(a.id(2), a.id(3), a.id(4)));
  }

  @Test
  void aLinkThatStartsOverShowsWhatHappenedMeanwhile() {
    // Given
    twoOfAAreKnownToB();

    // When
    a.leave("room", 1);
    a.join("room", 3);
    a.reset(b);
    halls.settle();

    // Then
    assertThat(b.heard).containsExactlyInAnyOrder("-1/1", "+1/3");
    assertThat(b.members("room")).contains(Set.of(a.id(2), a.id(3)));
  }

  @Test
  void aNodeThatIsGoneTakesItsMembersAlongOnce() {
    // Given
    halls.all().forEach(hall -> hall.open("room"));
    a.join("room", 1);
    b.join("room", 2);
    halls.settle();
    b.heard.clear();
    c.heard.clear();

    // When
    b.lose(a);
    c.lose(a);

    // Then
    assertThat(b.heard).containsExactly("-1/1");
    assertThat(c.heard).containsExactly("-1/1");
    assertThat(c.members("room")).contains(Set.of(b.id(2)));
  }

  @Test
  void whoGivesAChannelUpAndTakesItAgainKnowsAll() {
    // Given
    a.open("room");
    a.join("room", 1);
    b.open("room");
    halls.settle();

    // When
    b.close("room");
    b.open("room");
    halls.settle();
    b.close("room");
    b.endTurn();
    b.open("room");
    halls.settle();

    // Then
    assertThat(b.members("room")).contains(Set.of(a.id(1)));
  }

  @Test
  void aNodeSpeaksForItsOwnSessionsOnly() {
    // Given
    halls.all().forEach(hall -> hall.open("room"));
    b.join("room", 2);
    halls.settle();

    // When
    a.join("room", 1);
    a.presence.leave("room", b.id(2));
    halls.settle();

    // Then
    assertThat(c.members("room")).contains(Set.of(a.id(1), b.id(2)));
  }

  @Test
  void pagesGoOnWhereTheLastOneEnded() {
    // Given
    a.open("room");
    b.open("room");
    for (int slot = 0; slot < 5; slot++) {
      a.join("room", slot);
      b.join("room", slot);
    }
    halls.settle();
    Attendance members = b.presence.find("room").orElseThrow();

    // When
    PresencePage first = members.page(Optional.empty(), 4);
    PresencePage second = members.page(first.next(), 4);
    PresencePage third = members.page(second.next(), 4);

    // Then
    assertThat(first.members())
        .extracting(Member::id)
        .containsExactly(a.id(0), a.id(1), a.id(2), a.id(3));
    assertThat(second.members()).hasSize(4);
    assertThat(third.members()).extracting(Member::id).containsExactly(b.id(3), b.id(4));
    assertThat(third.next()).isEmpty();
    var own =
        List.of(
            a.presence.own("room").page(Optional.empty(), 4),
            b.presence.own("room").page(Optional.empty(), 4));
    assertThat(PresencePage.of(own, 4)).usingRecursiveComparison().isEqualTo(first);
  }

  private void twoOfAAreKnownToB() {
    a.open("room");
    b.open("room");
    a.join("room", 1);
    a.join("room", 2);
    halls.settle();
    b.heard.clear();
  }
}
