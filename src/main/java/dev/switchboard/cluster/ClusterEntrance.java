package dev.switchboard.cluster;

import com.hazelcast.config.Config;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.StartException;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// What a clustered Vert.x is built with; for one attempt to join. Confined to whoever starts.
public final class ClusterEntrance {
  private static final long PING_INTERVAL_MILLIS = 2_000;
  private static final long PING_REPLY_MILLIS = 3_000;

  private final GatewayConfig.Cluster cluster;
  private final HazelcastClusterManager manager;
  private final String host;

  private ClusterEntrance(GatewayConfig.Cluster cluster, Config config, String host) {
    this.cluster = cluster;
    this.manager = new HazelcastClusterManager(config);
    this.host = host;
  }

  /// Prepares a node's way in; looks a name up when `cluster.host` is one, so it may block.
  ///
  /// @param name what the node calls itself
  /// @throws StartException when the settings cannot be honoured here
  public static ClusterEntrance prepare(GatewayConfig.Cluster cluster, String name) {
    InetAddress address = address(cluster.host());
    Config config = HazelcastSettings.of(cluster, address, name);
    return new ClusterEntrance(cluster, config, address.getHostAddress());
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw StartException.of("cluster.host", "is " + host + ", which has no address", unknown);
    }
  }

  /// What Vert.x joins with.
  public ClusterManager manager() {
    return manager;
  }

  /// How the event bus talks to other nodes.
  public EventBusOptions bus() {
    return new EventBusOptions()
        .setHost(host)
        .setPort(cluster.busPort())
        .setClusterPublicHost(host)
        .setClusterPingInterval(PING_INTERVAL_MILLIS)
        .setClusterPingReplyInterval(PING_REPLY_MILLIS);
  }

  /// Who is in the cluster; only once Vert.x has joined.
  public Membership membership() {
    return new Membership(manager.getHazelcastInstance());
  }
}
