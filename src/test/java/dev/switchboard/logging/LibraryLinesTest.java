package dev.switchboard.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LibraryLinesTest {
  private static final String VERTX = "io.vertx.core.impl.ContextImpl";

  private final LibraryLines lines = new LibraryLines();

  private long written(String logger, long millis, int number) {
    return IntStream.range(0, number)
        .mapToObj(_ -> event(logger, millis))
        .filter(lines::admits)
        .count();
  }

  private static LoggingEvent event(String logger, long millis) {
    var event = new LoggingEvent();
    event.setLoggerContext(new LoggerContext());
    event.setLoggerName(logger);
    event.setLevel(Level.ERROR);
    event.setTimeStamp(millis);
    return event;
  }

  @Test
  void aFloodOfALibraryIsAFewLinesASecond() {
    // When
    long first = written(VERTX, 1_000, 1_011);
    long same = written("com.hazelcast.cluster", 1_999, 10);

    // Then
    assertThat(first).isEqualTo(LibraryLines.PER_SECOND);
    assertThat(same).isZero();
  }

  @Test
  void whatTheNodeSaysIsWritten() {
    // Given
    written(VERTX, 1_000, 6);

    // Then
    assertThat(written("dev.switchboard.routing.PeerVerticle", 1_000, 100)).isEqualTo(100);
    assertThat(written("switchboard.access", 1_000, 100)).isEqualTo(100);
  }

  @Test
  void theNextSecondSaysHowManyWereLeftOut() {
    // Given
    written(VERTX, 1_000, 100);
    long early = lines.leftOut();

    // When
    long next = written(VERTX, 2_000, 1);

    // Then
    assertThat(early).isZero();
    assertThat(next).isEqualTo(1);
    assertThat(lines.leftOut()).isEqualTo(100 - LibraryLines.PER_SECOND);
    assertThat(lines.leftOut()).isZero();
  }
}
