package dev.switchboard.config;

import java.time.Duration;

/// This process: its name, its threads and how much it takes in; the key is `node`.
///
/// @param name shown in `info`; empty means host name and port
/// @param eventLoops WebSocket verticles to deploy; 0 means one per core
/// @param batchSends whether the sends of a turn of an event loop enter the kernel together
/// @param connectionsMax sockets; 0 means 90 % of the descriptors
/// @param loopLagMax mean lateness of an event loop beyond which it takes no more; 0 for any
/// @param heapPercentMax of the heap, after a collection, beyond which none are taken; 0 for any
/// @param drainPeriod over which a node that leaves spreads the closing of its sessions
public record NodeConfig(
    String name,
    int eventLoops,
    Transport transport,
    boolean batchSends,
    int connectionsMax,
    int descriptorReserve,
    Duration loopLagMax,
    int heapPercentMax,
    int acceptsPerSecond,
    int unauthenticatedMax,
    int unauthenticatedPerAddressMax,
    Duration drainPeriod) {
  /// How sockets are driven by the kernel.
  public enum Transport {
    /// epoll where it exists, else NIO.
    AUTO,
    EPOLL,
    IO_URING,
    NIO
  }

  /// How a node that has more sessions than the others sheds them; the key is `rebalance`.
  ///
  /// @param sessionsPerSecond at most; 0 for never
  /// @param tolerancePercent from the mean of all nodes, which is left alone
  /// @param settle for which nobody may come, go or drain before it begins, and for which nobody is
  ///   moved who has just come
  public record Rebalance(int sessionsPerSecond, int tolerancePercent, Duration settle) {}
}
