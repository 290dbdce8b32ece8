package dev.switchboard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceMemberTest {
  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  void aServiceIsAMemberAndNoNode() {
    try (var cluster = TestCluster.of(1)) {
      // Given
      Membership node = cluster.node(0).node().membership().orElseThrow();

      // When
      HazelcastInstance service = Hazelcast.newHazelcastInstance(lite(cluster.settings(0)));
      try {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> service.getCluster().getMembers().size() == 2);

        // Then
        assertThat(node.others()).isEmpty();
      } finally {
        service.shutdown();
      }
    }
  }

  private static Config lite(List<String> settings) {
    var config = new Config();
    config.setLiteMember(true).setClusterName(value(settings, "cluster.name"));
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    var network = config.getNetworkConfig().setPort(Ports.free());
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network
        .getJoin()
        .getTcpIpConfig()
        .setEnabled(true)
        .addMember("127.0.0.1:" + value(settings, "cluster.port"));
    return config;
  }

  private static String value(List<String> settings, String key) {
    return settings.stream()
        .filter(setting -> setting.startsWith(key + "="))
        .map(setting -> setting.substring(key.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}
