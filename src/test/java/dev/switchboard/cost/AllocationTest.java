package dev.switchboard.cost;

import com.sun.management.ThreadMXBean;
import dev.switchboard.testkit.Counted;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an event loop allocates for a publication, from the client's bytes to the subscribers'.
class AllocationTest {
  private static final Counted PUBLISH = new Counted("heap bytes per publish command", 1_864);

  /// A frame and a batch that all share, divided by their number; nothing for each.
  private static final Counted DELIVERY = new Counted("heap bytes per delivered publication", 4.2);

  private static final int SUBSCRIBERS = 300;
  private static final int PUBLICATIONS = 200;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static ResourceLeakDetector.Level level;

  /// Tests run with records of each buffer's life, which would be most of what is counted.
  @BeforeAll
  static void leaveLeaksAlone() {
    level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterAll
  static void lookForLeaksAgain() {
    ResourceLeakDetector.setLevel(level);
  }

  @Test
  void aCommandAllocatesLittle() throws Exception {
    PUBLISH.check(bytesPerPublication(0));
  }

  @Test
  void aDeliveryAllocatesNextToNothing() throws Exception {
    DELIVERY.check((bytesPerPublication(SUBSCRIBERS) - bytesPerPublication(0)) / SUBSCRIBERS);
  }

  /// The median of some, as a heartbeat falls into others.
  private static double bytesPerPublication(int subscribers) throws Exception {
    try (var crowd = new Crowd(subscribers)) {
      List<Long> threads = new ArrayList<>();
      for (var loop : crowd.loops()) {
        threads.add(loop.submit(() -> Thread.currentThread().threadId()).get(10, TimeUnit.SECONDS));
      }
      long[] counts = new long[PUBLICATIONS];
      for (int index = 0; index < PUBLICATIONS; index++) {
        long before = allocated(threads);
        crowd.publish();
        counts[index] = allocated(threads) - before;
      }
      Arrays.sort(counts);
      return counts[PUBLICATIONS / 2];
    }
  }

  private static long allocated(List<Long> threads) {
    return threads.stream().mapToLong(THREADS::getThreadAllocatedBytes).sum();
  }
}
