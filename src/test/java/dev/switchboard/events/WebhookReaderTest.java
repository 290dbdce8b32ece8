package dev.switchboard.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.Noted;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.store.Rolls;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Slice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One stream, read by hand.
class WebhookReaderTest {
  private static final Position TOP = new Position("epoch", 7);

  private final Deque<Promise<Slice>> reads = new ArrayDeque<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private boolean owns = true;

  private final WebhookReader reader =
      new WebhookReader(
          1,
          "audit",
          new WebhookReader.World(
              new HandRolls(),
              new HandStreams(),
              new Retention(100, Duration.ofHours(1), Duration.ofHours(2)),
              new GatewayMetrics(registry, 1).events(),
              _ -> Future.succeededFuture(),
              () -> 0,
              10,
              1_000));

  private final class HandRolls implements Rolls {
    @Override
    public Future<Taken> note(int stream, Note note, Retention retention) {
      return Future.succeededFuture(
          new Taken(TOP, new Noted(false, List.of(), false, 5, List.of())));
    }

    @Override
    public boolean owns(int stream) {
      return owns;
    }
  }

  private final class HandStreams implements Streams {
    @Override
    public Future<Slice> read(String channel, Query query) {
      reads.add(Promise.promise());
      return reads.getLast().future();
    }

    @Override
    public Future<Appended> append(String channel, Draft draft, Retention retention) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> remove(String channel) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void aStreamThatChangedHandsWhileItWasReadLosesNothing() {
    // Given
    reader.onTick();
    reader.onTick();
    assertThat(reads).hasSize(1);

    // When
    owns = false;
    reader.onTick();
    reads.remove().complete(new Slice(TOP, List.of()));

    // Then
    assertThat(registry.get("switchboard.events.dead.letters").counter().count()).isZero();
  }
}
