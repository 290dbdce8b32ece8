package dev.switchboard.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMeters.Count;
import dev.switchboard.link.Network.Weather;
import org.junit.jupiter.api.Test;

/// Publications and sends age, state does not; `link.age_max` and the lease are 2 s here.
class LinkAgeTest {
  @Test
  void whatTheSenderCouldNotDeliverInTimeIsDroppedAndSaid() {
    // Given
    Network network = Network.open();
    network.weather(Weather.CUT);
    network.alice.say(true, 3);
    network.alice.say(false, 1);
    network.alice.say(true, 2);

    // When
    network.run(2_300);
    long whileCut = network.alice.link.windowUsed();
    network.weather(Weather.FAIR);
    network.run(5_000);

    // Then
    assertThat(whileCut).isEqualTo(Item.size(8));
    assertThat(network.alice.dropped).isEqualTo(5);
    assertThat(network.bob.got).containsExactly(4L);
    assertThat(network.bob.missed).isEqualTo(5);
    assertThat(network.alice.link.acknowledged()).isEqualTo(6);
  }

  @Test
  void anythingYoungerIsKept() {
    // Given
    Network network = Network.open();
    network.weather(Weather.CUT);
    network.alice.say(true, 3);

    // When
    network.run(1_200);
    network.weather(Weather.FAIR);
    network.run(700);

    // Then
    assertThat(network.bob.got).containsExactly(1L, 2L, 3L);
    assertThat(network.bob.dropped).isZero();
  }

  @Test
  void whatTheBusDeliversLateIsDroppedAndStateIsNot() {
    // Given
    Network network = Network.open();
    network.lose(message -> message.header().from() == 1);
    network.alice.say(true, 2);
    network.alice.say(false, 1);
    network.run(1);

    // When
    network.run(2_100);
    network.spoken.stream().filter(Batch.class::isInstance).toList().forEach(network::replay);

    // Then
    assertThat(network.bob.got).containsExactly(3L);
    assertThat(network.bob.missed).isEqualTo(2);
    assertThat(network.bob.meters.count(Count.AGED)).isEqualTo(2);
  }

  @Test
  void aNodeThatSleptBelievesNoAgeUntilARoundTrip() {
    // Given
    Network network = Network.open();
    network.bob.sleep(3_000);
    network.run(2_990);
    network.alice.say(true, 1);
    network.alice.say(false, 1);

    // When
    network.run(20);
    int onWaking = network.bob.got.size();
    network.run(1_000);
    network.alice.say(true, 1);
    network.run(10);

    // Then
    assertThat(onWaking).isEqualTo(1);
    assertThat(network.bob.got).containsExactly(2L, 3L);
    assertThat(network.bob.missed).isEqualTo(1);
  }

  @Test
  void anEchoFromBeforeTheSleepIsNoRoundTrip() {
    // Given
    Network network = Network.open();
    network.bob.sleep(2_300);
    network.run(200);
    network.alice.say(true, 1);

    // When
    network.run(2_200);

    // Then
    assertThat(network.bob.got).isEmpty();
    assertThat(network.bob.missed).isEqualTo(1);
  }

  @Test
  void aSlowBusMakesNothingOldThatIsNot() {
    // Given
    Network network = Network.open();
    network.weather(new Weather(0, 0, 0, 300, 0));

    // When
    for (int at = 0; at < 20; at++) {
      network.alice.say(true, 1);
      network.run(500);
    }
    network.run(2_000);

    // Then
    assertThat(network.bob.got).hasSize(20);
    assertThat(network.bob.link.roundTrip()).isPositive();
  }

  @Test
  void aPeerThatNeverAnswersCostsNoMoreHoweverMuchIsDropped() {
    // Given
    Network network = Network.open();
    network.weather(Weather.CUT);

    // When
    for (int at = 0; at < 200; at++) {
      network.alice.say(true, 20);
      network.run(100);
    }
    network.weather(Weather.FAIR);
    network.spoken.clear();
    network.run(2_000);

    // Then
    assertThat(network.bob.got.size() + network.bob.missed).isEqualTo(network.alice.sent);
    assertThat(network.spoken).filteredOn(Batch.class::isInstance).hasSizeLessThan(10);
  }
}
