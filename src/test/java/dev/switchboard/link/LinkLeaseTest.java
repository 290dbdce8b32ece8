package dev.switchboard.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.Network.Weather;
import org.junit.jupiter.api.Test;

/// Who may rely on whose state, for how long; a lease is 2 s here.
class LinkLeaseTest {
  @Test
  void bothEndsOfAnOpenLinkHoldAndGrant() {
    // When
    Network network = Network.open();

    // Then
    assertThat(network.alice.link.leaseHeld()).isTrue();
    assertThat(network.alice.link.leaseGranted()).isTrue();
    assertThat(network.bob.link.leaseHeld()).isTrue();
    assertThat(network.bob.link.leaseGranted()).isTrue();
  }

  @Test
  void aLeaseOfAPeerThatFallsSilentRunsOutOnBothEnds() {
    // Given
    Network network = Network.open();
    network.weather(Weather.CUT);

    // When
    network.run(1_500);
    boolean early = network.alice.link.leaseGranted() && network.alice.link.leaseHeld();
    network.run(600);

    // Then
    assertThat(early).isTrue();
    assertThat(network.alice.link.leaseGranted()).isFalse();
    assertThat(network.alice.link.leaseHeld()).isFalse();
  }

  @Test
  void whoMayNotGrantLetsTheLeaseRunOut() {
    // Given
    Network network = Network.open();
    network.alice.mayGrant = false;

    // When
    network.run(2_100);

    // Then
    assertThat(network.alice.link.leaseGranted()).isFalse();
    assertThat(network.bob.link.leaseHeld()).isFalse();
    assertThat(network.alice.link.leaseHeld()).isTrue();
  }

  @Test
  void whoWaitsForAnAcknowledgementOfStateGrantsNoMore() {
    // Given
    Network network = Network.open();
    network.lose(message -> message instanceof Batch);
    network.alice.say(false, 1);

    // When
    network.run(3_300);

    // Then
    assertThat(network.alice.link.leaseGranted()).isFalse();
    assertThat(network.bob.link.leaseHeld()).isFalse();
    assertThat(network.alice.link.leaseHeld()).isTrue();
  }

  @Test
  void publicationsThatWaitDoNotEndALease() {
    // Given
    Network network = Network.open();
    network.lose(message -> message instanceof Batch);

    // When
    for (int at = 0; at < 40; at++) {
      network.alice.say(true, 1);
      network.run(100);
    }

    // Then
    assertThat(network.bob.link.leaseHeld()).isTrue();
  }

  @Test
  void aGrantThatComesLateIsWorthNothing() {
    // Given
    Network network = Network.open();
    network.run(1_000);
    LinkMessage grant =
        network.spoken.stream().filter(one -> one.header().to() == 2).toList().getLast();
    network.weather(Weather.CUT);
    network.run(3_000);

    // When
    network.replay(grant);

    // Then
    assertThat(grant.header().beat().granted()).isPositive();
    assertThat(network.bob.link.leaseHeld()).isFalse();
  }

  @Test
  void aNewEndHoldsNothingUntilItIsGranted() {
    // Given
    Network network = Network.open();
    network.alice.mayGrant = false;

    // When
    network.bob.restart();
    network.run(500);

    // Then
    assertThat(network.bob.link.open()).isTrue();
    assertThat(network.bob.link.leaseHeld()).isFalse();
    assertThat(network.alice.link.leaseGranted()).isFalse();
  }

  @Test
  void aClosedLinkStillSaysHowLongThePeerMayRelyOnIt() {
    // Given
    Network network = Network.open();

    // When
    network.alice.link.close();
    boolean atOnce = network.alice.link.leaseGranted();
    network.run(2_100);

    // Then
    assertThat(atOnce).isTrue();
    assertThat(network.alice.link.leaseGranted()).isFalse();
    assertThat(network.alice.link.leaseHeld()).isFalse();
  }
}
