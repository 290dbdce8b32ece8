package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.transport.Transport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTransportTest {
  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void everyTransportEchoesAPublish(String transport) {
    // Given
    Assumptions.assumeTrue(
        !transport.equals("io_uring")
            || Transport.IO_URING != null && Transport.IO_URING.available());
    try (var node = TestNode.start("node.transport=" + transport);
        var client = TestClient.connect(node, "alice")) {
      client.subscribe("echo");

      // When
      client.publish("echo", transport);

      // Then
      assertThat(client.push().getJsonObject("pub").getString("data")).isEqualTo(transport);
      assertThat(node.get("/console/stats").body()).contains("\"transport\":\"" + transport);
    }
  }

  @Test
  void equalPortsServeEverythingOnOne() {
    // Given
    int port = Ports.free();
    try (var node =
            TestNode.start(
                "http.port=" + port, "internal.port=" + port, "internal.host=127.0.0.1");
        var client = TestClient.connect(node, "alice")) {
      client.subscribe("a");

      // When
      node.publish("a", "1");

      // Then
      assertThat(node.port()).isEqualTo(port);
      assertThat(node.node().internalPort()).isEqualTo(port);
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(1);
      assertThat(node.get("/ready").statusCode()).isEqualTo(200);
      assertThat(node.get("/metrics").body()).contains("switchboard_connections");
      assertThat(node.get("/").body()).contains("<html");
      assertThat(node.get("/nothing").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aTakenPortRefusesTheStart() {
    try (var node = TestNode.start()) {
      // Then
      assertThatThrownBy(() -> TestNode.start("http.port=" + node.port()))
          .hasMessageContaining("http.port " + node.port() + " is in use");
    }
  }
}
