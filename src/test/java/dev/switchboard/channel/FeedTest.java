package dev.switchboard.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import dev.switchboard.testkit.TestPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What those need who join while others get publications.
class FeedTest {
  private final Feed feed = new Feed(TestPolicy.stream());

  @BeforeEach
  void start() {
    feed.cursor().start(new Position("e", 9), 0);
  }

  private void deliver(long from, long to) {
    LongStream.rangeClosed(from, to)
        .mapToObj(offset -> new Publication(new byte[0], null, offset, Map.of(), 0))
        .forEach(
            publication -> {
              feed.cursor().offer("e", publication, 0);
              feed.onDelivered(publication);
            });
  }

  private Optional<List<Long>> after(String epoch, long offset) {
    return feed.after(new Position(epoch, offset))
        .map(publications -> publications.stream().map(Publication::offset).toList());
  }

  @Test
  void whoJoinsGetsWhatTheOthersGotMeanwhile() {
    // Given
    feed.beginJoining();

    // When
    deliver(10, 13);

    // Then
    assertThat(after("e", 9)).contains(List.of(10L, 11L, 12L, 13L));
    assertThat(after("e", 12)).contains(List.of(13L));
    assertThat(after("e", 13)).contains(List.of());
    assertThat(after("e", 20)).as("the others are behind").contains(List.of());
  }

  @Test
  void whatWasBeforeIsNotKnown() {
    // Given
    deliver(10, 11);
    feed.beginJoining();

    // When
    deliver(12, 13);

    // Then
    assertThat(after("e", 11)).contains(List.of(12L, 13L));
    assertThat(after("e", 10)).isEmpty();
    assertThat(after("d", 13)).isEmpty();
  }

  @Test
  void onlySoMuchIsKept() {
    // Given
    feed.beginJoining();

    // When
    deliver(10, 9 + Cursor.WINDOW + 1);

    // Then
    assertThat(after("e", 9)).isEmpty();
    assertThat(after("e", 10).orElseThrow()).hasSize(Cursor.WINDOW);
  }

  @Test
  void nothingIsKeptWhenNobodyJoins() {
    // Given
    feed.beginJoining();
    feed.beginJoining();
    deliver(10, 11);
    feed.endJoining();
    boolean kept = after("e", 9).isPresent();

    // When
    feed.endJoining();

    // Then
    assertThat(kept).isTrue();
    assertThat(after("e", 9)).isEmpty();
  }

  @Test
  void aLossBreaksTheChain() {
    // Given
    feed.beginJoining();
    deliver(10, 11);

    // When
    feed.onLost();
    deliver(12, 12);

    // Then
    assertThat(after("e", 9)).isEmpty();
    assertThat(after("e", 11)).contains(List.of(12L));
  }
}
