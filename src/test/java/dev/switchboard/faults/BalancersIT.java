package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Nodes behind real balancers in turn, without affinity, as the examples in `k8s` say.
///
/// Clients of the published SDK on all transports are in `src/test/js/balanced.mjs`.
class BalancersIT {
  private static final Path FOLDER = Path.of("target", "faults", "balancers");
  private static final Duration LIMIT = Duration.ofSeconds(150);
  // Apart from the clusters of the other tests in the same process.
  private static final int ARENA = 22;
  private static final int PORT = 8080;
  private static final int STEP = 20;

  private Path folder;
  private Trio nodes;

  @AfterEach
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  private Balancer start(Balancer.Kind kind) {
    folder = FOLDER.resolve(kind.name().toLowerCase(Locale.ROOT));
    boolean saysWho = kind == Balancer.Kind.HAPROXY_THAT_SAYS_WHO;
    var settings =
        List.of(
            "http.trusted_proxies=127.0.0.0/8",
            "http.proxy_protocol=" + saysWho,
            "log.format=json");
    nodes = new Trio(folder, ARENA, settings);
    return Balancer.start(kind, folder, nodes.spareHost() + ":" + PORT, nodes.hosts());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HAPROXY")
  void everybodyHearsAllOnceWhileNodesComeAndGo(Balancer.Kind kind) throws IOException {
    // Given
    Path script = Requirement.npmPackages().resolve("balanced.mjs");
    var command = List.of(Requirement.node().toString(), script.toString());
    String channel = "room:balanced";
    String address = "127.99.0." + (10 + kind.ordinal());
    try (var _ = start(kind);
        var clients = Program.start("balanced-" + kind, command, environment(channel))) {
      Patience.until(LIMIT, () -> clients.hasPrintedOrEnded("all subscribed"));
      connect(address);

      // When
      int published = publish(channel, 0);
      for (int node = 0; node < 2; node++) {
        nodes.leave(node);
        published = publish(channel, published);
        nodes.node(node).start();
        nodes.awaitAll();
        published = publish(channel, published);
      }
      clients.type("" + published);

      // Then
      assertThat(clients.succeed(LIMIT))
          .contains("ok each of 12 heard 1 to " + published + " once, in order");
      assertThat(isLogged(address)).as("nodes know who connects").isTrue();
    }
  }

  private Map<String, String> environment(String channel) {
    return Map.of(
        "BALANCER", nodes.spareHost() + ":" + PORT, "TOKEN", Trio.token("ada"), "CHANNEL", channel);
  }

  private int publish(String channel, int published) {
    for (int number = published + 1; number <= published + STEP; number++) {
      nodes.publish(channel, number);
    }
    return published + STEP;
  }

  /// Opens a session from an address of its own.
  private void connect(String from) throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      if (opens(from)) {
        return;
      }
      Patience.pass(Duration.ofMillis(200));
    }
    throw new AssertionError("no session through the balancer");
  }

  private boolean opens(String from) {
    try (var socket =
        new Socket(
            InetAddress.getByName(nodes.spareHost()), PORT, InetAddress.ofLiteral(from), 0)) {
      socket.setSoTimeout(5_000);
      String connect = "{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(Trio.token("eve"));
      socket.getOutputStream().write(upgrade().getBytes(StandardCharsets.US_ASCII));
      if (!read(socket).contains(" 101 ")) {
        return false;
      }
      socket.getOutputStream().write(ClientFrame.text(connect).bytes());
      return read(socket).contains("connect");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String read(Socket socket) throws IOException {
    byte[] bytes = new byte[4_096];
    int length = socket.getInputStream().read(bytes);
    return length < 0 ? "" : new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private String upgrade() {
    return """
    GET /connection/websocket HTTP/1.1
    Host: %s:%d
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Version: 13
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

    """
        .formatted(nodes.spareHost(), PORT)
        .replace("\n", "\r\n");
  }

  private boolean isLogged(String address) {
    return List.of(1, 2, 3).stream()
        .map(number -> folder.resolve("node-" + number + ".log"))
        .anyMatch(log -> contains(log, "\"" + address + "\""));
  }

  private static boolean contains(Path log, String text) {
    try (var lines = Files.lines(log)) {
      return lines.anyMatch(line -> line.contains(text));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
