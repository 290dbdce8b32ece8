package dev.switchboard.cost;

import dev.switchboard.testkit.Counted;
import dev.switchboard.testkit.SystemCalls;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How often a node enters the kernel to tell many sockets the same.
///
/// Sends of every kind count, so one that goes alone shows: 600 of them would. So do the writes by
/// which an event loop wakes another, of which there are next to none.
class SendCallsTest {
  /// Three times io_uring_enter: 600 subscribers and the publisher's answer, 256 to a call.
  private static final Counted CALLS = new Counted("system calls that send a publication", 3);

  private static final int SUBSCRIBERS = 600;
  private static final int PUBLICATIONS = 40;

  @Test
  void aPublicationIsSentInFewCalls() {
    try (var crowd = new Crowd(SUBSCRIBERS)) {
      // Given
      crowd.publish();
      var calls = SystemCalls.of(crowd.loops());

      // When
      IntStream.range(0, PUBLICATIONS).forEach(_ -> crowd.publish());

      // Then
      CALLS.check((double) calls.count() / PUBLICATIONS);
    }
  }
}
