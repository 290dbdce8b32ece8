package dev.switchboard.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.channel.Cursor.Step;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What becomes of publications of a stream that come out of order, or not at all.
class CursorTest {
  private static final Position NINE = new Position("e", 9);

  private final Cursor cursor = new Cursor();

  private static Publication at(long offset) {
    return new Publication(new byte[0], null, offset, Map.of(), 0);
  }

  private static Slice slice(Position top, long... offsets) {
    return new Slice(top, LongStream.of(offsets).mapToObj(CursorTest::at).toList());
  }

  private static Step.Read readAfter(long offset) {
    return new Step.Read(new Query(Cursor.PAGE, OptionalLong.of(offset), false));
  }

  /// What is given, in order, and nothing else.
  private static List<Long> delivered(List<Step> steps) {
    List<Long> offsets = new ArrayList<>();
    for (Step step : steps) {
      assertThat(step).isInstanceOf(Step.Deliver.class);
      ((Step.Deliver) step).publications().forEach(each -> offsets.add(each.offset()));
    }
    return offsets;
  }

  @Test
  void whatIsDueIsGivenOnce() {
    // Given
    cursor.start(NINE, 0);

    // When
    var first = cursor.offer("e", at(10), 0);
    var again = cursor.offer("e", at(10), 0);

    // Then
    assertThat(delivered(first)).containsExactly(10L);
    assertThat(again).isEmpty();
  }

  @Test
  void whatIsEarlyWaitsForWhatIsBeforeIt() {
    // Given
    cursor.start(NINE, 0);

    // When
    var early = cursor.offer("e", at(12), 0);
    var earlier = cursor.offer("e", at(11), 0);
    var due = cursor.offer("e", at(10), 49);

    // Then
    assertThat(early).isEmpty();
    assertThat(earlier).isEmpty();
    assertThat(delivered(due)).containsExactly(10L, 11L, 12L);
    assertThat(cursor.isWaiting()).isFalse();
    assertThat(cursor.tick(1_000)).isEmpty();
  }

  @Test
  void theLogIsAskedOnceForWhatDoesNotCome() {
    // Given
    cursor.start(NINE, 0);
    cursor.offer("e", at(11), 7);

    // When
    var before = cursor.tick(56);
    var after = cursor.tick(57);
    var later = cursor.tick(5_000);
    var taken = cursor.taken(slice(new Position("e", 12), 10, 11, 12), 5_001);

    // Then
    assertThat(before).isEmpty();
    assertThat(after).containsExactly(readAfter(9));
    assertThat(later).isEmpty();
    assertThat(delivered(taken)).containsExactly(10L, 11L, 12L);
    assertThat(cursor.isWaiting()).isFalse();
  }

  @Test
  void theLogIsAskedAtOnceWhenTooManyWait() {
    // Given
    cursor.start(NINE, 0);
    for (int early = 1; early <= Cursor.WINDOW; early++) {
      assertThat(cursor.offer("e", at(10 + early), 0)).isEmpty();
    }

    // When
    var tooMany = cursor.offer("e", at(11 + Cursor.WINDOW), 0);
    var filled = cursor.offer("e", at(10), 0);

    // Then
    assertThat(tooMany).containsExactly(readAfter(9));
    // The one too many was not kept.
    assertThat(delivered(filled)).hasSize(1 + Cursor.WINDOW);
    assertThat(cursor.taken(slice(new Position("e", 11 + Cursor.WINDOW)), 1))
        .as("an answer that is older than what came by itself")
        .isNotNull();
  }

  @Test
  void aTrimmedHoleIsALoss() {
    // Given
    cursor.start(NINE, 0);
    cursor.offer("e", at(14), 0);
    cursor.tick(50);

    // When
    var steps = cursor.taken(slice(new Position("e", 14), 13, 14), 51);

    // Then
    assertThat(steps.getFirst()).isEqualTo(new Step.Lost(new Position("e", 12), false));
    assertThat(delivered(steps.subList(1, 2))).containsExactly(13L, 14L);
    assertThat(steps).hasSize(2);
  }

  @Test
  void aLogThatKeptNothingIsALossUpToItsEnd() {
    // Given
    cursor.start(NINE, 0);
    cursor.doubt(0);

    // When
    var steps = cursor.taken(slice(new Position("e", 20)), 1);

    // Then
    assertThat(steps).containsExactly(new Step.Lost(new Position("e", 20), false));
    assertThat(delivered(cursor.offer("e", at(21), 2))).containsExactly(21L);
  }

  @Test
  void aLongHoleIsReadPageByPage() {
    // Given
    cursor.start(NINE, 0);
    cursor.doubt(0);

    // When
    var first = cursor.taken(slice(new Position("e", 12), 10, 11), 1);
    var second = cursor.taken(slice(new Position("e", 12), 12), 2);

    // Then
    assertThat(delivered(first.subList(0, 1))).containsExactly(10L, 11L);
    assertThat(first.getLast()).isEqualTo(readAfter(11));
    assertThat(delivered(second)).containsExactly(12L);
  }

  @Test
  void anotherEpochIsBelievedWhenTheLogSaysSo() {
    // Given
    cursor.start(NINE, 0);

    // When
    var asked = cursor.offer("f", at(2), 0);
    var steps = cursor.taken(slice(new Position("f", 2)), 1);

    // Then
    assertThat(asked).containsExactly(readAfter(9));
    assertThat(steps.getFirst()).isEqualTo(new Step.Lost(new Position("f", 1), true));
    assertThat(delivered(steps.subList(1, 2))).containsExactly(2L);
  }

  @Test
  void aLatePublicationOfAnEpochBeforeIsDropped() {
    // Given
    cursor.start(NINE, 0);
    cursor.offer("d", at(10), 0);

    // When
    var steps = cursor.taken(slice(NINE), 1);

    // Then
    assertThat(steps).isEmpty();
    assertThat(cursor.isWaiting()).isFalse();
    assertThat(cursor.position()).isEqualTo(NINE);
  }

  @Test
  void whatComesBeforeThePositionIsKnownIsKept() {
    // Given
    cursor.offer("e", at(8), 0);
    cursor.offer("e", at(11), 0);
    cursor.offer("e", at(10), 0);

    // When
    var steps = cursor.start(NINE, 1);

    // Then
    assertThat(delivered(steps)).containsExactly(10L, 11L);
  }

  @Test
  void aTopThatIsNoNewsIsWell() {
    // Given
    cursor.start(NINE, 0);

    // When
    var same = cursor.told(NINE, 1);
    var older = cursor.told(new Position("e", 3), 1);

    // Then
    assertThat(same).isEmpty();
    assertThat(older).isEmpty();
    assertThat(cursor.isWaiting()).isFalse();
  }

  @Test
  void aTopBeyondIsReadWhenItDoesNotCome() {
    // Given
    cursor.start(NINE, 0);

    // When
    var told = cursor.told(new Position("e", 10), 1);
    var later = cursor.tick(51);

    // Then
    assertThat(told).isEmpty();
    assertThat(later).containsExactly(readAfter(9));
  }

  @Test
  void aFailedReadIsRepeatedAfterAWhile() {
    // Given
    cursor.start(NINE, 0);
    cursor.doubt(0);

    // When
    var failed = cursor.failed(10);
    var early = cursor.offer("f", at(1), 11);
    var due = cursor.tick(10 + Cursor.RETRY_MILLIS);

    // Then
    assertThat(failed).isEmpty();
    assertThat(early).isEmpty();
    assertThat(due).containsExactly(readAfter(9));
  }

  @Test
  void aDoubtDuringAReadIsAReasonForAnother() {
    // Given
    cursor.start(NINE, 0);
    cursor.doubt(0);
    cursor.doubt(1);

    // When
    var steps = cursor.taken(slice(NINE), 2);

    // Then
    assertThat(steps).containsExactly(readAfter(9));
  }

  @Test
  void timeWrapsAround() {
    // Given
    cursor.start(NINE, Integer.MAX_VALUE - 10);
    cursor.offer("e", at(11), Integer.MAX_VALUE - 10);

    // When
    var early = cursor.tick(Integer.MIN_VALUE);
    var due = cursor.tick(Integer.MIN_VALUE + 39);

    // Then
    assertThat(early).isEmpty();
    assertThat(due).containsExactly(readAfter(9));
  }
}
