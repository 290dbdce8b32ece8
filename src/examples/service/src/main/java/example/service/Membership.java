package example.service;

import com.hazelcast.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Map;

/// How a service becomes a member of the gateway's cluster.
final class Membership {
  private Membership() {}

  /// Joins; fails when no node is there.
  static Future<Vertx> join(Map<String, String> options) {
    String host = options.getOrDefault("host", "127.0.0.1");
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(bus(host, options)))
        .withClusterManager(new HazelcastClusterManager(hazelcast(host, options)))
        .buildClustered();
  }

  private static Config hazelcast(String host, Map<String, String> options) {
    Config config = new Config();
    config.setClusterName(options.get("cluster"));
    // A full member would own part of the gateway's data, without the code to work on it.
    config.setLiteMember(true);
    // As on the gateway's nodes, since the oldest member decides who is dead.
    config
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", "10")
        .setProperty("hazelcast.merge.first.run.delay.seconds", "10")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.phone.home.enabled", "false")
        // Vert.x leaves the cluster when it is closed.
        .setProperty("hazelcast.shutdownhook.enabled", "false");
    config.getNetworkConfig().setPort(Integer.parseInt(options.getOrDefault("port", "5801")));
    config.getNetworkConfig().setPublicAddress(host);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface(host);
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config
        .getNetworkConfig()
        .getJoin()
        .getTcpIpConfig()
        .setEnabled(true)
        .addMember(options.getOrDefault("member", "127.0.0.1:5701"));
    return config;
  }

  private static EventBusOptions bus(String host, Map<String, String> options) {
    EventBusOptions bus = new EventBusOptions().setHost(host).setClusterPublicHost(host);
    if (options.containsKey("tls-certificate")) {
      bus.setSsl(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .addCertPath(options.get("tls-certificate"))
                  .addKeyPath(options.get("tls-key")))
          .setTrustOptions(new PemTrustOptions().addCertPath(options.get("tls-ca")));
    }
    return bus;
  }
}
