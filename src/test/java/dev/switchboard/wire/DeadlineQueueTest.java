package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {
  private static final int MILLIS = 60_000;

  private final DeadlineQueue<String> queue = new DeadlineQueue<>(MILLIS);
  private final List<String> late = new ArrayList<>();

  @Test
  void nothingIsLateBeforeItsTime() {
    // Given
    int before = SocketLoop.nowMillis();
    queue.add("a");

    // When
    queue.sweep(before + MILLIS - 1, late::add);

    // Then
    assertThat(late).isEmpty();
  }

  @Test
  void whatIsLateIsToldOnceAndOldestFirst() {
    // Given
    queue.add("a");
    queue.add("b");
    int after = SocketLoop.nowMillis() + MILLIS;

    // When
    queue.sweep(after, late::add);
    queue.sweep(after, late::add);

    // Then
    assertThat(late).containsExactly("a", "b");
  }

  @Test
  void noTimeAtAllIsOverAtOnce() {
    // Given
    var hasty = new DeadlineQueue<String>(0);
    hasty.add("a");

    // When
    hasty.sweep(SocketLoop.nowMillis(), late::add);

    // Then
    assertThat(late).containsExactly("a");
  }
}
