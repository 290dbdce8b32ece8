package dev.switchboard.testkit;

import ch.qos.logback.classic.Level;

/// A node under attack: with a bystander to protect, a log to keep quiet and memory to bound.
public final class Siege implements AutoCloseable {
  /// One mebibyte, for bounds.
  public static final long MIB = 1024 * 1024;

  private static final long SLOWEST_MILLIS = 2_000;

  private final LogCapture log = LogCapture.start(Level.INFO);
  private final TestNode node;
  private final Bystander bystander;
  private final Footprint before;

  private Siege(String... overrides) {
    this.node = TestNode.start(overrides);
    this.bystander = Bystander.of(node);
    this.before = Footprint.now();
  }

  /// Starts a node with these overrides, and all that is watched.
  public static Siege of(String... overrides) {
    return new Siege(overrides);
  }

  /// The node.
  public TestNode node() {
    return node;
  }

  /// What was held before the attack.
  public Footprint before() {
    return before;
  }

  /// Holds that what is retained now is within these bounds of what was held before.
  public void assertGrownLess(long heap, long direct) {
    Footprint.now().assertGrownLess(before, heap, direct);
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
