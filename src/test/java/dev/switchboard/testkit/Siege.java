package dev.switchboard.testkit;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.switchboard.metrics.GatewayMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A node under attack: with a bystander to protect, a log to keep quiet and memory to bound.
public final class Siege implements AutoCloseable {
  /// One mebibyte, for bounds.
  public static final long MIB = 1024 * 1024;

  // Netty's pools take 4 MiB at a time for each thread and keep them.
  private static final long DIRECT = 32 * MIB;
  private static final long SLOWEST_MILLIS = 3_000;
  private static final int SPARE_DESCRIPTORS = 20;

  // What attackers are given time for is short, so that tests are.
  private static final List<String> QUICK =
      List.of("heartbeat.interval=20ms", "client.close_grace=200ms");

  private final TestNode node;
  private final LogCapture log;
  private final Footprint before;
  private final Bystander bystander;

  private Siege(String... overrides) {
    List<String> all = new ArrayList<>(QUICK);
    all.addAll(Arrays.asList(overrides));
    this.node = TestNode.start(all.toArray(String[]::new));
    this.log = LogCapture.start(Level.INFO);
    // One of everything first, so that what is loaded and pooled once is not counted.
    Bystander.of(node).close();
    this.before = Footprint.now();
    this.bystander = Bystander.of(node);
  }

  /// Starts a node with these overrides, and all that is watched.
  public static Siege of(String... overrides) {
    return new Siege(overrides);
  }

  /// The node.
  public TestNode node() {
    return node;
  }

  /// What was logged since the node has started.
  public LogCapture log() {
    return log;
  }

  /// Holds that what is retained now is not much more than what was held before.
  ///
  /// @param heap bytes of live heap that may have been added
  public void assertGrownLess(long heap) {
    Footprint.now().assertGrownLess(before, heap, DIRECT);
  }

  /// Holds that every descriptor of the attack is free again, soon.
  public void assertDescriptorsBack() {
    // The JDK's HTTP client may keep a few connections of the test itself.
    await()
        .until(() -> GatewayMetrics.descriptorsOpen() < before.descriptors() + SPARE_DESCRIPTORS);
  }

  /// Holds that the bystander noticed nothing and nothing was logged.
  public void assertUnharmed() {
    bystander.assertUnharmed(SLOWEST_MILLIS);
    log.assertQuiet();
  }

  @Override
  public void close() {
    bystander.close();
    node.close();
    log.close();
  }
}
