package dev.switchboard.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.link.Network.Weather;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/// Whatever the bus does to a link, as long as it heals in the end.
///
/// A schedule is a seed, so there is nothing to shrink.
class LinkPropertyTest {
  private static final int HEAL_MILLIS = 20_000;
  private static final int WINDOW_QUARTER = Network.WINDOW / 4;

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void everyItemArrivesOnceInOrderOrIsAnnouncedAsLost(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int spells) {
    // Given
    Random random = new Random(seed);
    Network network = new Network(random);

    // When
    for (int spell = 0; spell < spells; spell++) {
      network.weather(weather(random));
      live(network, random);
    }
    heal(network);

    // Then
    assertComplete(network.alice, network.bob);
    assertComplete(network.bob, network.alice);
    assertThat(network.wasUnsafe()).isFalse();
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void anEndThatIsReplacedLosesNothingThatIsSentLater(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int spells) {
    // Given
    Random random = new Random(seed);
    Network network = new Network(random);

    // When
    for (int spell = 0; spell < spells; spell++) {
      network.weather(weather(random));
      live(network, random);
      end(network, random).restart();
    }
    heal(network);
    int marker = network.alice.sentState.size();
    network.alice.say(false, 3);
    network.bob.say(false, 3);
    network.run(1_000);

    // Then
    assertThat(network.bob.got).isSorted().doesNotHaveDuplicates();
    assertThat(network.alice.got).isSorted().doesNotHaveDuplicates();
    assertThat(network.bob.got)
        .containsAll(network.alice.sentState.subList(marker, network.alice.sentState.size()));
    assertIdle(network.alice);
    assertIdle(network.bob);
  }

  private static void heal(Network network) {
    network.weather(Weather.FAIR);
    network.run(HEAL_MILLIS);
  }

  private static Weather weather(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Weather.FAIR;
      case 1 -> Weather.CUT;
      case 2 -> new Weather(0, 0, 0, 40, 5);
      case 3 -> new Weather(0.3, 0, 0.1, 5, 500);
      default ->
          new Weather(
              random.nextDouble() / 2,
              random.nextDouble() / 2,
              random.nextDouble() / 2,
              random.nextInt(3_000),
              random.nextInt(300));
    };
  }

  /// Some seconds of traffic both ways, with pauses of either process.
  private static void live(Network network, Random random) {
    int turns = random.nextInt(40);
    for (int turn = 0; turn < turns; turn++) {
      Network.End end = end(network, random);
      boolean ageing = random.nextBoolean();
      for (int items = random.nextInt(6); items > 0; items--) {
        end.send(ageing, random.nextInt(random.nextInt(10) == 0 ? WINDOW_QUARTER : 200));
      }
      if (random.nextInt(30) == 0) {
        end.sleep(random.nextInt(6_000));
      }
      network.run(random.nextInt(random.nextInt(10) == 0 ? 1_000 : 60));
    }
  }

  private static Network.End end(Network network, Random random) {
    return random.nextBoolean() ? network.alice : network.bob;
  }

  private static void assertComplete(Network.End from, Network.End to) {
    assertThat(to.got).isSorted().doesNotHaveDuplicates();
    assertThat(to.got).containsAll(from.sentState);
    assertThat(to.got.size() + to.missed).isEqualTo(from.sent);
    assertIdle(from);
  }

  private static void assertIdle(Network.End end) {
    assertThat(end.link.windowUsed()).isZero();
    assertThat(end.link.unwritten()).isZero();
    assertThat(end.link.acknowledged()).isEqualTo(end.link.sequence());
    assertThat(end.link.leaseHeld()).isTrue();
  }
}
