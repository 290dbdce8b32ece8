package dev.switchboard.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.IndeterminateOperationState;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.StartException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;

/// The way into a cluster: builds a Vert.x whose event bus spans it. Confined to whoever starts.
public final class ClusterEntrance {
  private static final long PING_INTERVAL_MILLIS = 2_000;
  private static final long PING_REPLY_MILLIS = 3_000;
  // A network that was cut must not leave connections that wait for minutes once it is healed.
  private static final int CONNECT_MILLIS = 3_000;
  private static final int UNACKNOWLEDGED_MILLIS = 8_000;

  private static final int TRIES = 3;

  private final GatewayConfig.Cluster cluster;
  private final String name;
  private final InetAddress address;
  private final EventBusOptions bus;
  private final Luggage luggage;
  private final Function<EventBusOptions, VertxBuilder> builders;

  private ClusterEntrance(
      GatewayConfig.Cluster cluster,
      String name,
      Luggage luggage,
      Function<EventBusOptions, VertxBuilder> builders) {
    this.cluster = cluster;
    this.name = name;
    this.address = address(cluster.host());
    this.bus = bus(cluster, address);
    this.luggage = luggage;
    this.builders = builders;
  }

  /// What a node wants its member to keep, besides what membership and the event bus need.
  @FunctionalInterface
  public interface Luggage {
    /// Adds it to a member's settings, before the member starts.
    void stow(Config config);
  }

  /// A Vert.x that has joined, and who else has.
  public record Joined(Vertx vertx, Membership membership) {}

  /// Joins. Reads files and may look a name up, so it blocks for a moment before it returns.
  ///
  /// @param name what the node calls itself
  /// @param luggage what the member keeps besides
  /// @param builders makes a builder of a Vert.x with such an event bus
  /// @return fails with a [StartException] when a port is taken
  /// @throws StartException when the settings cannot be honoured here
  public static Future<Joined> join(
      GatewayConfig.Cluster cluster,
      String name,
      Luggage luggage,
      Function<EventBusOptions, VertxBuilder> builders) {
    var entrance = new ClusterEntrance(cluster, name, luggage, builders);
    ClusterPorts.checkMember(cluster, entrance.address);
    return entrance.attempt(ClusterPorts.bus(cluster, entrance.address), TRIES);
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw StartException.of("cluster.host", "is " + host + ", which has no address", unknown);
    }
  }

  /// Joins with the first of these bus ports that can be bound.
  private Future<Joined> attempt(List<Integer> busPorts, int triesLeft) {
    int port = busPorts.getFirst();
    List<Integer> rest = busPorts.subList(1, busPorts.size());
    Config config = HazelcastSettings.of(cluster, address, name);
    luggage.stow(config);
    var manager = new HazelcastClusterManager(config);
    return builders
        .apply(new EventBusOptions(bus).setPort(port))
        .withClusterManager(manager)
        .buildClustered()
        .map(vertx -> new Joined(vertx, new Membership(manager.getHazelcastInstance())))
        .recover(
            failure -> {
              boolean busTaken =
                  manager.getHazelcastInstance() != null && StartException.isRefusal(failure);
              if (busTaken && !rest.isEmpty()) {
                // Somebody took the port since it was looked at.
                return attempt(rest, triesLeft);
              }
              if (triesLeft > 0 && isUnsettled(failure)) {
                return attempt(busPorts, triesLeft - 1);
              }
              return Future.failedFuture(busTaken ? ClusterPorts.busInUse(port, address) : failure);
            });
  }

  /// Whether the cluster changed just when this node wrote into it where its bus is, as when many
  /// start at once.
  private static boolean isUnsettled(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof IndeterminateOperationState) {
        return true;
      }
    }
    return false;
  }

  private static EventBusOptions bus(GatewayConfig.Cluster cluster, InetAddress address) {
    var bus =
        new EventBusOptions()
            .setHost(address.getHostAddress())
            .setClusterPublicHost(address.getHostAddress())
            .setClusterPingInterval(PING_INTERVAL_MILLIS)
            .setClusterPingReplyInterval(PING_REPLY_MILLIS)
            .setConnectTimeout(CONNECT_MILLIS)
            .setTcpUserTimeout(UNACKNOWLEDGED_MILLIS);
    if (cluster.tls().enabled()) {
      BusTls.apply(bus, cluster.tls());
    }
    return bus;
  }
}
