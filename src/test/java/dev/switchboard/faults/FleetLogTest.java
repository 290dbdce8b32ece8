package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetLogTest {
  private final FleetLog log = new FleetLog();

  private void say(String... lines) {
    Stream.of(lines).map(FleetEvent::parse).forEach(log::apply);
  }

  @Test
  void aReconnectIsANewSession() {
    // When
    say(
        "1 ada connecting 0",
        "2 ada connected first",
        "3 ada subscribed room",
        "4 ada received room {\"node\":2,\"connection\":1,\"number\":7,\"at\":3}",
        "5 ada connecting 3011",
        "6 ada connected second",
        "7 ada disconnected 3503",
        "8 ada connecting 1");

    // Then
    assertThat(log.sessions()).extracting(Session::id).containsExactly("first", "second");
    assertThat(log.sessions()).extracting(Session::endCode).containsExactly(3011, 3503);
    assertThat(log.endCodes()).isEqualTo(Map.of(3011, 1L, 3503, 1L));
    assertThat(log.open()).isEmpty();
    var first = log.sessions().getFirst();
    assertThat(first.subscribedAt("room")).isEqualTo(3);
    assertThat(first.endedAt()).isEqualTo(5);
    assertThat(first.received())
        .extracting(FleetEvent.Received::stamp)
        .containsExactly(new FleetEvent.Stamp(new FleetEvent.Publisher(2, 1), 7, 3));
  }

  @Test
  void settledIsEveryClientWithAllItsSubscriptions() {
    // Given
    say("1 ada connected a", "1 bob connected b", "2 ada subscribed room");

    // When
    boolean early = log.settled(2, 1);
    say("3 bob subscribed room");
    boolean whole = log.settled(2, 1);
    say("4 bob unsubscribed room 2000");

    // Then
    assertThat(early).isFalse();
    assertThat(whole).isTrue();
    assertThat(log.settled(2, 1)).isFalse();
  }

  @Test
  void aNewPageKeepsWhatIsOpen() {
    // Given
    say("1 ada connected a", "1 bob connected b", "2 ada subscribed room", "3 bob connecting 1");

    // When
    log.forget();

    // Then
    assertThat(log.sessions()).extracting(Session::client).containsExactly("ada");
    assertThat(log.sessions().getFirst().subscribedAt("room")).isEqualTo(2);
  }
}
