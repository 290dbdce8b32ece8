package dev.switchboard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.Ports;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Members alone, set up as a node's, without Vert.x between.
class HazelcastTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final String name = "test-" + UUID.randomUUID();
  private final List<Integer> ports = List.of(Ports.free(), Ports.free());
  private final List<HazelcastInstance> members = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    members.forEach(HazelcastInstance::shutdown);
    vertx.close().await();
  }

  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  void aMergedMemberHasANewIncarnationAndSaysSo() {
    // Given
    members.add(Hazelcast.newHazelcastInstance(quick(0)));
    members.add(Hazelcast.newHazelcastInstance(quick(1)));
    List<Membership> both = members.stream().map(Membership::new).toList();
    await().atMost(PATIENCE).until(() -> both.stream().allMatch(one -> one.others().size() == 1));
    Set<Long> before = incarnations(both);
    var heard = new Heard();
    both.forEach(one -> one.listen(vertx.getOrCreateContext(), heard));

    // When
    suspect(members.get(0), members.get(1));
    suspect(members.get(1), members.get(0));
    await().atMost(PATIENCE).until(() -> both.stream().allMatch(one -> one.others().isEmpty()));
    await().atMost(PATIENCE).until(() -> both.stream().allMatch(one -> one.others().size() == 1));

    // Then
    Set<Long> renewed = incarnations(both);
    renewed.removeAll(before);
    assertThat(renewed).hasSize(1);
    await().atMost(PATIENCE).until(() -> !heard.merged.isEmpty());
    assertThat(heard.merged).containsExactlyElementsOf(renewed);
  }

  @Test
  void noObjectComesInThatIsNotExpected() {
    // Given
    members.add(Hazelcast.newHazelcastInstance(settings(0)));
    Map<String, Object> map = members.getFirst().getMap("any");
    map.put("expected", new IllegalStateException("such as comes back from an operation"));
    map.put("other", new File("any"));

    // When
    var read = assertThatThrownBy(() -> map.get("other"));

    // Then
    read.isInstanceOf(HazelcastSerializationException.class)
        .hasStackTraceContaining("java.io.File");
    assertThat(map.get("expected")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void onlyTheOneAddressIsBound() throws IOException {
    // Given
    members.add(Hazelcast.newHazelcastInstance(settings(0)));

    // When
    var elsewhere =
        assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("127.0.0.2"), ports.get(0)));

    // Then
    elsewhere.isInstanceOf(IOException.class);
    new Socket(LOOPBACK, ports.get(0)).close();
  }

  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  void aHazelcastClientIsCutOff() throws IOException {
    // Given
    members.add(Hazelcast.newHazelcastInstance(settings(0)));

    // When
    try (var socket = new Socket(LOOPBACK, ports.get(0))) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write("CP2".getBytes(StandardCharsets.US_ASCII));

      // Then
      assertThat(answerOrReset(socket)).hasSizeLessThanOrEqualTo(3);
    }
  }

  private static byte[] answerOrReset(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }

  private static void suspect(HazelcastInstance member, HazelcastInstance other) {
    var node = ((HazelcastInstanceProxy) member).getOriginal().node;
    ClusterServiceImpl service = node.getClusterService();
    MemberImpl there = service.getMember(other.getCluster().getLocalMember().getUuid());
    service.suspectMember(there, "a test cuts the cluster", true);
  }

  private static Set<Long> incarnations(List<Membership> members) {
    var all = new HashSet<Long>();
    members.forEach(member -> all.add(member.incarnation()));
    return all;
  }

  /// Settings that heal a split at once.
  private Config quick(int index) {
    return settings(index)
        .setProperty("hazelcast.merge.first.run.delay.seconds", "1")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "1");
  }

  private Config settings(int index) {
    try {
      GatewayConfig config =
          ConfigLoader.load(
                  Optional.empty(),
                  Map.of(),
                  List.of(
                      "client.insecure=true",
                      "cluster.enabled=true",
                      "cluster.name=" + name,
                      "cluster.port=" + ports.get(index),
                      "cluster.members=127.0.0.1:%d,127.0.0.1:%d"
                          .formatted(ports.get(0), ports.get(1))))
              .config();
      return HazelcastSettings.of(config.cluster(), LOOPBACK, "node-" + index)
          .setProperty("hazelcast.wait.seconds.before.join", "0");
    } catch (ConfigException mistakes) {
      throw new IllegalStateException(mistakes);
    }
  }

  private static final class Heard implements MembershipListener {
    private final Queue<Long> merged = new ConcurrentLinkedQueue<>();

    @Override
    public void onMembers(long own, Set<Member> others) {}

    @Override
    public void onMerged(long own) {
      merged.add(own);
    }
  }
}
