package dev.switchboard.door;

import dev.switchboard.config.NodeConfig;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.Rejection;
import dev.switchboard.wire.RateLimit;
import dev.switchboard.wire.SocketLoop;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Who may take a place on this node, before anything is spent on them. Shared by all event loops.
///
/// A stranger holds a [Ticket] from the accepted connection to the connect command; how many there
/// are in total and from one address is bounded, so that half-open connections cannot fill the
/// node.
public final class Admission {
  private final int connectionsMax;
  private final int unauthenticatedMax;
  private final int perAddressMax;
  private final Pressure pressure;
  private final RateLimit acceptRate;
  private final AtomicLong acceptBudget;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger unauthenticated = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> addresses = new ConcurrentHashMap<>();

  /// @param node `node.*`; a `connections_max` of 0 means what the descriptors allow
  /// @param pressure what the process has left
  public Admission(NodeConfig node, Pressure pressure) {
    this.pressure = pressure;
    this.connectionsMax = connectionsMax(node, GatewayMetrics.descriptorsMax());
    this.unauthenticatedMax = node.unauthenticatedMax();
    this.perAddressMax = node.unauthenticatedPerAddressMax();
    this.acceptRate = new RateLimit(node.acceptsPerSecond(), node.acceptsPerSecond());
    this.acceptBudget = new AtomicLong(acceptRate.full(SocketLoop.nowMillis()));
  }

  /// The most sockets a node takes with so many descriptors.
  static int connectionsMax(NodeConfig node, long descriptors) {
    long affordable =
        descriptors < 0
            ? Integer.MAX_VALUE
            : Math.max(1, Math.min(descriptors * 9 / 10, descriptors - node.descriptorReserve()));
    long wanted = node.connectionsMax() == 0 ? Integer.MAX_VALUE : node.connectionsMax();
    return (int) Math.min(affordable, wanted);
  }

  /// The most sockets this node takes.
  public int connectionsMax() {
    return connectionsMax;
  }

  /// Connections that have not passed the connect command.
  public int unauthenticated() {
    return unauthenticated.get();
  }

  /// An unauthenticated connection's place.
  public final class Ticket {
    private final InetAddress address;
    private boolean held = true;

    private Ticket(InetAddress address) {
      this.address = address;
    }

    /// Gives the place back: the client is authenticated, or gone. Confined to its event loop.
    public void giveBack() {
      if (held) {
        held = false;
        unauthenticated.decrementAndGet();
        if (address != null) {
          addresses.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  /// The result of asking for a place.
  public sealed interface Answer {
    /// Come in.
    record Admitted(Ticket ticket) implements Answer {}

    /// Try again later.
    record Refused(Rejection reason) implements Answer {}
  }

  /// Asks for an unauthenticated place.
  ///
  /// @param address counted against the limit per address; empty for exempt ones
  public Answer admit(Optional<InetAddress> address) {
    if (unauthenticated.incrementAndGet() > unauthenticatedMax) {
      unauthenticated.decrementAndGet();
      return new Answer.Refused(Rejection.UNAUTHENTICATED);
    }
    if (address.isPresent() && addresses.merge(address.get(), 1, Integer::sum) > perAddressMax) {
      new Ticket(address.get()).giveBack();
      return new Answer.Refused(Rejection.ADDRESS);
    }
    return new Answer.Admitted(new Ticket(address.orElse(null)));
  }

  /// Asks for a place as a socket, when the upgrade is about to be answered.
  ///
  /// @return why not, or empty; a place taken must be left with [#leave]
  public Optional<Rejection> enter() {
    Optional<Rejection> lacking = pressure.found();
    if (lacking.isPresent()) {
      return lacking;
    }
    if (!takeFromBudget(SocketLoop.nowMillis())) {
      return Optional.of(Rejection.ACCEPT_RATE);
    }
    if (connections.incrementAndGet() > connectionsMax) {
      connections.decrementAndGet();
      return Optional.of(Rejection.NODE_FULL);
    }
    return Optional.empty();
  }

  private boolean takeFromBudget(int now) {
    while (true) {
      long before = acceptBudget.get();
      long after = acceptRate.take(before, now);
      // A refused attempt takes nothing: a flood must not starve those who come at a fair rate.
      if (!acceptRate.allowed(after)) {
        return false;
      }
      if (acceptBudget.compareAndSet(before, after)) {
        return true;
      }
    }
  }

  /// Leaves the place of a socket.
  public void leave() {
    connections.decrementAndGet();
  }
}
