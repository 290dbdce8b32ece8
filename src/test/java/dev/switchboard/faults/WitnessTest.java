package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.stream.Position;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WitnessTest {
  private final Witness witness = new Witness();

  private List<Fact> hear(String... lines) {
    return Stream.of(lines)
        .map(FleetEvent::parse)
        .map(witness::testify)
        .flatMap(Optional::stream)
        .toList();
  }

  @Test
  void whatStreamsDeliverIsSaidWithItsPlace() {
    // When
    var facts =
        hear(
            "1 ada connected id",
            "2 ada positioned kept:room 7 false false abc",
            "3 ada numbered kept:room 8 {\"key\":\"a b\"}",
            "4 ada interrupted kept:room 1",
            "5 ada positioned kept:room 0 true false xyz",
            "6 bob numbered kept:room 1 {}");

    // Then
    assertThat(facts)
        .containsExactly(
            new Fact.Subscribed(2, "ada", "kept:room", new Position("abc", 7), false, false),
            new Fact.Received(
                3, "ada", "kept:room", new Position("abc", 8), Fact.hash("{\"key\":\"a b\"}")),
            new Fact.Left(4, "ada", "kept:room", 1),
            new Fact.Subscribed(5, "ada", "kept:room", new Position("xyz", 0), true, false),
            new Fact.Received(6, "bob", "kept:room", new Position("", 1), Fact.hash("{}")));
  }

  @Test
  void aSubscriptionWithoutAPositionHasNone() {
    assertThat(hear("2 ada positioned kept:room 0 false false "))
        .containsExactly(
            new Fact.Subscribed(2, "ada", "kept:room", new Position("", 0), false, false));
  }

  @Test
  void channelsWithoutALogAreNoneOfItsBusiness() {
    assertThat(
            hear(
                "1 ada connecting 0",
                "2 ada subscribed room",
                "3 ada received room {\"node\":2,\"connection\":1,\"number\":7,\"at\":3}",
                "4 ada unsubscribed room 2000",
                "5 ada disconnected 3503"))
        .isEmpty();
  }
}
