package dev.switchboard.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMessage.Header;
import dev.switchboard.link.LinkMessage.Hello;
import dev.switchboard.link.LinkMessage.Tick;
import dev.switchboard.link.LinkMessage.Welcome;
import dev.switchboard.link.LinkMeters.Count;
import dev.switchboard.link.Network.Weather;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Greeting, order, what is lost, what is of an end that is no more.
class PeerLinkTest {
  @Test
  void bothEndsOpenOnceAndTellTheirOwners() {
    // Given
    Network network = new Network(new Random(1));

    // When
    network.run(1_000);

    // Then
    assertThat(network.alice.link.open()).isTrue();
    assertThat(network.bob.link.open()).isTrue();
    assertThat(network.alice.opened).isEqualTo(1);
    assertThat(network.bob.opened).isEqualTo(1);
  }

  @Test
  void greetingGoesOnEachTickUntilThePeerAnswers() {
    // Given
    Network network = new Network(new Random(1));
    network.weather(Weather.CUT);

    // When
    network.run(1_000);

    // Then
    assertThat(said(network, Hello.class, 1)).hasSize(4);
    assertThat(network.alice.link.open()).isFalse();
    assertThat(said(network, Batch.class, 1)).isEmpty();
  }

  @Test
  void whatWasQueuedBeforeTheLinkOpenedArrives() {
    // Given
    Network network = new Network(new Random(1));
    network.alice.say(false, 2);
    network.alice.say(true, 1);

    // When
    network.run(1_000);

    // Then
    assertThat(network.bob.got).containsExactly(1L, 2L, 3L);
  }

  @Test
  void itemsOfATurnTravelInOneBatch() {
    // Given
    Network network = Network.open();

    // When
    network.alice.say(true, 50);
    network.deliver();

    // Then
    assertThat(network.bob.got).isEqualTo(numbers(1, 50));
    assertThat(said(network, Batch.class, 1)).hasSize(1);
  }

  @Test
  void stateIsAcknowledgedAtOnceAndPublicationsWithTheNextTick() {
    // Given
    Network network = Network.open();
    network.alice.say(true, 1);
    network.run(3);
    long afterPublication = network.alice.link.acknowledged();

    // When
    network.alice.say(false, 1);
    network.run(3);

    // Then
    assertThat(afterPublication).isZero();
    assertThat(network.alice.link.acknowledged()).isEqualTo(2);
    assertThat(network.alice.link.windowUsed()).isZero();
  }

  @Test
  void publicationsAreAcknowledgedAtOnceFromAnEighthOfTheWindowOn() {
    // Given
    Network network = Network.open();

    // When
    network.alice.send(true, Network.WINDOW / 8);
    network.run(3);

    // Then
    assertThat(network.alice.link.acknowledged()).isEqualTo(1);
  }

  @Test
  void aGapIsAskedForOnceAndFilled() {
    // Given
    Network network = Network.open();
    network.lose(Batch.class::isInstance);
    network.alice.say(true, 2);
    network.lose(_ -> false);

    // When
    for (int later = 0; later < 5; later++) {
      network.alice.say(true, 1);
    }
    network.run(3);

    // Then
    assertThat(network.bob.got).isEqualTo(numbers(1, 7));
    assertThat(said(network, Hello.class, 2)).hasSize(1);
    assertThat(network.bob.meters.count(Count.GAPS)).isEqualTo(1);
  }

  @Test
  void nothingIsRepeatedUnasked() {
    // Given
    Network network = Network.open();
    network.lose(message -> message.header().from() == 2 || message instanceof Batch);
    network.alice.say(false, 3);

    // When
    network.run(30_000);

    // Then
    assertThat(said(network, Batch.class, 1)).hasSize(1);
  }

  @Test
  void aLostTailIsFoundByTheTick() {
    // Given
    Network network = Network.open();
    network.lose(Batch.class::isInstance);
    network.alice.say(false, 3);
    network.lose(_ -> false);

    // When
    network.run(1_000);

    // Then
    assertThat(network.bob.got).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aTickThatOvertookABatchAsksForNothing() {
    // Given
    Network network = Network.open();
    network.lose(Batch.class::isInstance);
    network.alice.say(true, 1);
    Batch late = said(network, Batch.class, 1).getFirst();
    network.lose(_ -> false);
    network.run(600);

    // When
    network.replay(late);
    network.run(1_000);

    // Then
    assertThat(network.bob.got).containsExactly(1L);
    assertThat(said(network, Hello.class, 2)).isEmpty();
  }

  @Test
  void asksAreRepeatedMoreAndMoreSeldom() {
    // Given
    Network network = Network.open();
    network.lose(Batch.class::isInstance);
    network.alice.say(false, 1);

    // When
    network.run(20_000);

    // Then
    assertThat(said(network, Hello.class, 2)).hasSizeBetween(5, 9);
  }

  @Test
  void eachAskIsAnsweredOnce() {
    // Given
    Network network = Network.open();
    network.lose(Batch.class::isInstance);
    network.alice.say(true, 1);
    network.lose(_ -> false);
    network.alice.say(true, 1);
    network.run(3);
    Hello ask = said(network, Hello.class, 2).getFirst();
    long batches = network.alice.meters.count(Count.BATCHES);

    // When
    network.replay(ask);
    network.run(3);

    // Then
    assertThat(said(network, Welcome.class, 1)).hasSize(1);
    assertThat(network.alice.meters.count(Count.BATCHES)).isEqualTo(batches);
  }

  @Test
  void whatComesTwiceIsTakenOnce() {
    // Given
    Network network = Network.open();
    network.weather(new Weather(0, 1, 0, 0, 0));

    // When
    network.alice.say(true, 3);
    network.run(1);

    // Then
    assertThat(network.bob.got).containsExactly(1L, 2L, 3L);
    assertThat(network.bob.meters.count(Count.DUPLICATES)).isEqualTo(1);
  }

  @Test
  void aLongerRepetitionGivesWhatIsNewInIt() {
    // Given
    Network network = Network.open();
    network.lose(message -> message.header().from() == 2);
    network.alice.say(false, 2);
    network.run(1);
    network.alice.send(false, 8);
    Header bobs = said(network, Tick.class, 2).getLast().header();
    Header unaware = new Header(2, 1, bobs.generation(), bobs.peerGeneration(), 0, bobs.beat());

    // When
    network.replay(new Hello(unaware, 1, 1, 99));
    network.alice.link.flush();
    network.run(1);

    // Then
    assertThat(said(network, Batch.class, 1).getLast().entries()).hasSize(3);
    assertThat(network.bob.got).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aNewEndOfThePeerStartsOver() {
    // Given
    Network network = Network.open();
    network.alice.say(false, 5);
    network.run(10);
    network.weather(Weather.CUT);
    network.alice.say(true, 2);
    network.bob.restart();
    network.weather(Weather.FAIR);

    // When
    network.run(1_000);
    network.alice.say(false, 1);
    network.run(1);

    // Then
    assertThat(network.alice.opened).isEqualTo(2);
    assertThat(network.alice.dropped).isEqualTo(2);
    assertThat(network.alice.meters.count(Count.RESETS)).isEqualTo(1);
    assertThat(network.alice.link.sequence()).isEqualTo(1);
    assertThat(network.alice.link.windowUsed()).isZero();
    assertThat(network.bob.got).containsExactly(1L, 2L, 3L, 4L, 5L, 8L);
  }

  @Test
  void wordsOfAnEndThatIsNoMoreChangeNothing() {
    // Given
    Network network = new Network(new Random(1));
    network.run(500);
    network.alice.say(false, 3);
    network.run(300);
    List<LinkMessage> old = List.copyOf(network.spoken);
    network.bob.restart();
    network.run(1_000);
    network.weather(Weather.CUT);
    network.alice.say(false, 3);
    network.weather(Weather.FAIR);

    // When
    old.forEach(network::replay);
    long acknowledged = network.alice.link.acknowledged();
    network.run(1_000);

    // Then
    assertThat(acknowledged).isZero();
    assertThat(network.alice.opened).isEqualTo(2);
    assertThat(network.bob.got).isEqualTo(numbers(1, 6));
    assertThat(network.alice.link.acknowledged()).isEqualTo(3);
  }

  @Test
  void anAskForAnOlderEndAcknowledgesNothing() {
    // Given
    Network network = Network.open();
    network.alice.say(false, 3);
    network.run(1);
    Header bobs = said(network, Tick.class, 2).getLast().header();
    network.alice.restart();
    network.lose(Batch.class::isInstance);
    network.run(500);
    network.alice.say(false, 3);

    // When
    network.replay(new Hello(bobs, 1, 1, 99));

    // Then
    assertThat(bobs.received()).isEqualTo(3);
    assertThat(network.alice.link.acknowledged()).isZero();
  }

  @Test
  void whatIsForAnotherIncarnationChangesNothing() {
    // Given
    Network network = Network.open();
    network.alice.say(true, 1);
    Batch batch = said(network, Batch.class, 1).getFirst();
    Header known = batch.header();
    Header other = new Header(1, 3, known.generation(), known.peerGeneration(), 0, known.beat());

    // When
    network.bob.link.onMessage(new Batch(other, 1, 0, true, batch.entries()));

    // Then
    assertThat(network.bob.got).isEmpty();
    assertThat(network.bob.meters.count(Count.STALE)).isEqualTo(1);
  }

  @Test
  void aPeerThatSpeaksNoCommonVersionStaysOutside() {
    // Given
    Network network = new Network(new Random(1));
    network.lose(_ -> true);
    network.run(10);
    Header header = said(network, Hello.class, 2).getFirst().header();

    // When
    network.replay(new Hello(header, 7, 9, 1));
    network.replay(new Hello(header, 7, 9, 2));
    network.run(1_000);

    // Then
    assertThat(network.alice.link.open()).isFalse();
    assertThat(network.alice.incompatible).isEqualTo(1);
    assertThat(said(network, Welcome.class, 1)).isEmpty();
  }

  @Test
  void aClosedLinkIsSilentAndForgetsWhatItIsGiven() {
    // Given
    Network network = Network.open();
    network.weather(Weather.STUCK);
    network.alice.say(false, 3);

    // When
    network.alice.link.close();
    network.alice.say(false, 2);
    network.spoken.clear();
    network.run(1_000);

    // Then
    assertThat(said(network, LinkMessage.class, 1)).isEmpty();
    assertThat(network.alice.link.open()).isFalse();
    assertThat(network.alice.link.windowUsed()).isZero();
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static <M extends LinkMessage> List<M> said(Network network, Class<M> kind, long from) {
    return network.spoken.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(message -> message.header().from() == from)
        .toList();
  }
}
