package dev.switchboard.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.TcpIpConfig;
import dev.switchboard.config.GatewayConfig;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Map;

/// How this node's Hazelcast member is set up. Pure functions.
///
/// A member may be joined by whoever knows the cluster's name and reaches its port, so it binds one
/// address, finds others only where it is told to, and speaks to nobody else.
final class HazelcastSettings {
  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("hazelcast.logging.type", "slf4j"),
          Map.entry("hazelcast.phone.home.enabled", "false"),
          // The node measures itself.
          Map.entry("hazelcast.health.monitoring.level", "OFF"),
          // Leaving is a step of the node's own stop.
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.graceful.shutdown.max.wait", "20"),
          Map.entry("hazelcast.member.demote.max.wait", "20"),
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry(
              "hazelcast.max.no.heartbeat.seconds",
              Long.toString(Membership.EXPELLED_AFTER.toSeconds())),
          Map.entry("hazelcast.merge.first.run.delay.seconds", "10"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
          Map.entry("hazelcast.partial.member.disconnection.resolution.heartbeat.count", "5"),
          Map.entry("hazelcast.operation.call.timeout.millis", "10000"),
          Map.entry("hazelcast.operation.fail.on.indeterminate.state", "true"),
          // A copy that is not confirmed by then, looked at once a second, counts as missing.
          Map.entry("hazelcast.operation.backup.timeout.millis", "2000"),
          Map.entry("hazelcast.backpressure.enabled", "true"),
          // Answers are taken in where they are read: one thread less to wake for each batch.
          Map.entry("hazelcast.operation.response.thread.count", "0"),
          Map.entry("hazelcast.socket.bind.any", "false"));

  private HazelcastSettings() {}

  /// The settings of a member.
  ///
  /// @param address what `cluster.host` stands for
  /// @param name what the node calls itself
  static Config of(GatewayConfig.Cluster cluster, InetAddress address, String name) {
    var config = new Config();
    config.setClusterName(cluster.name());
    PROPERTIES.forEach(config::setProperty);
    config.setProperty("hazelcast.wait.seconds.before.join", cluster.searchesHere() ? "0" : "5");
    // Looking for a lost part of the cluster costs 5 s for each address where nobody is. A list or
    // DNS names all there are; only on a developer's machine members must remember each other.
    config.setProperty(
        "hazelcast.tcp.join.previously.joined.member.address.retention.seconds",
        cluster.searchesHere() ? "600" : "0");
    config.setProperty(
        "hazelcast.prefer.ipv4.stack", String.valueOf(!(address instanceof Inet6Address)));
    config.getMemberAttributeConfig().setAttribute(Membership.NAME, name);
    config.getMetricsConfig().setEnabled(false);
    config.getSerializationConfig().setJavaSerializationFilterConfig(JavaFilter.config());
    // With an endpoint for members only, the port takes no Hazelcast clients, who would need to
    // know no more than the cluster's name to read and write everything.
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig().setEnabled(true);
    network.setMemberEndpointConfig(endpoint(cluster, address));
    join(network.getJoin(), cluster, address);
    // What Vert.x keeps: who listens on which address, and where the nodes' buses are.
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(1)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
    return config;
  }

  private static ServerSocketEndpointConfig endpoint(
      GatewayConfig.Cluster cluster, InetAddress address) {
    var endpoint =
        new ServerSocketEndpointConfig()
            .setPort(cluster.port())
            .setPortAutoIncrement(cluster.searchesHere())
            .setPortCount(ClusterPorts.RANGE)
            .setPublicAddress(address.getHostAddress());
    endpoint.getInterfaces().setEnabled(true).addInterface(address.getHostAddress());
    return endpoint;
  }

  private static void join(JoinConfig join, GatewayConfig.Cluster cluster, InetAddress address) {
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (!cluster.kubernetesService().isEmpty()) {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", cluster.kubernetesService())
          .setProperty("service-port", String.valueOf(cluster.port()));
      return;
    }
    TcpIpConfig members = join.getTcpIpConfig().setEnabled(true);
    cluster.members().forEach(members::addMember);
    if (cluster.searchesHere()) {
      ClusterPorts.othersHere(cluster, address)
          .forEach(port -> members.addMember(address.getHostAddress() + ":" + port));
    }
  }
}
