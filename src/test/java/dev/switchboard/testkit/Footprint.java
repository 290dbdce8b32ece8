package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.metrics.GatewayMetrics;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/// What this JVM holds after a collection: live heap, direct memory, descriptors.
public record Footprint(long heapBytes, long directBytes, long descriptors) {
  /// Collects garbage and measures.
  public static Footprint now() {
    var memory = ManagementFactory.getMemoryMXBean();
    long heap = Long.MAX_VALUE;
    // Reference queues empty themselves between collections, so one is not enough.
    for (int round = 0; round < 3; round++) {
      System.gc();
      heap = Math.min(heap, memory.getHeapMemoryUsage().getUsed());
    }
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new Footprint(
        heap,
        // Depending on how Netty allocates, the JDK counts its memory too, or does not.
        Math.max(direct, PlatformDependent.usedDirectMemory()),
        GatewayMetrics.descriptorsOpen());
  }

  /// Holds that no more was added since `before` than this.
  public void assertGrownLess(Footprint before, long heap, long direct) {
    assertThat(heapBytes - before.heapBytes).as("live heap added").isLessThan(heap);
    assertThat(directBytes - before.directBytes).as("direct memory added").isLessThan(direct);
  }
}
