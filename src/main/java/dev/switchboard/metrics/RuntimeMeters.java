package dev.switchboard.metrics;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/// What is measured of the process itself: memory, the collector, the processors.
///
/// Safe on any thread.
public final class RuntimeMeters implements AutoCloseable {
  private static final List<NotificationEmitter> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(NotificationEmitter.class::isInstance)
          .map(NotificationEmitter.class::cast)
          .toList();
  private static final Set<String> HEAP_POOLS =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());

  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final NotificationListener listener = (notification, _) -> onNotification(notification);
  private volatile double heapShare;

  /// @param registry where the meters live
  public RuntimeMeters(MeterRegistry registry) {
    garbage.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    Gauge.builder("switchboard.heap.after.collection.ratio", this::heapShare)
        .description("Share of the maximum heap in use after the last collection")
        .register(registry);
    COLLECTORS.forEach(collector -> collector.addNotificationListener(listener, null, null));
  }

  /// The share of the maximum heap that was in use after the last collection, 0 to 1; 0 before it.
  ///
  /// What is in use at any other moment says nothing: most of it is garbage not yet collected.
  public double heapShare() {
    return heapShare;
  }

  private void onNotification(Notification notification) {
    if (!GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(
        notification.getType())) {
      return;
    }
    var info = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
    long used =
        info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
            .filter(pool -> HEAP_POOLS.contains(pool.getKey()))
            .mapToLong(pool -> pool.getValue().getUsed())
            .sum();
    heapShare = (double) used / Runtime.getRuntime().maxMemory();
  }

  @Override
  public void close() {
    garbage.close();
    for (NotificationEmitter collector : COLLECTORS) {
      try {
        collector.removeNotificationListener(listener);
      } catch (ListenerNotFoundException gone) {
        throw new IllegalStateException(gone);
      }
    }
  }
}
