package dev.switchboard.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.api.ApiRoutes;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExposedApiTest {
  @Test
  void aNodeListensOnItsTwoPortsAndNothingElse() {
    // Given
    Set<String> before = listening();

    // When
    try (var node = TestNode.start("internal.host=localhost")) {
      Set<String> opened = listening();
      opened.removeAll(before);

      // Then
      assertThat(opened)
          .extracting(socket -> Integer.parseInt(socket.substring(socket.indexOf(':') + 1), 16))
          .containsOnly(node.port(), node.node().internalPort());
      assertThat(opened)
          .as("loopback only")
          .allMatch(
              socket ->
                  socket.startsWith("0100007F:")
                      || socket.startsWith("00000000000000000000000001000000:")
                      || socket.startsWith("0000000000000000FFFF00000100007F:"));
    }
  }

  /// Local addresses of this process's listening TCP sockets, as the kernel prints them.
  private static Set<String> listening() {
    Set<String> own = ownSockets();
    return List.of("/proc/self/net/tcp", "/proc/self/net/tcp6").stream()
        .flatMap(file -> lines(Path.of(file)).stream().skip(1))
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns[3].equals("0A") && own.contains("socket:[" + columns[9] + "]"))
        .map(columns -> columns[1])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> ownSockets() {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(ExposedApiTest::target)
          .filter(Objects::nonNull)
          .collect(Collectors.toSet());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return null;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void theInternalPortIsNotOpenedToOthersWithoutAKey() {
    // Then
    assertThatThrownBy(() -> TestNode.start("internal.host=0.0.0.0", "api.key="))
        .hasMessageContaining("api.key is empty");
    assertThatThrownBy(() -> TestNode.start("internal.host=::", "api.insecure=true"))
        .hasMessageContaining("api.insecure is true");
  }

  @Test
  void theClientPortServesNothingButClients() {
    try (var node = TestNode.start()) {
      for (String path :
          List.of(
              "/",
              "/api/info",
              "/metrics",
              "/health",
              "/ready",
              "/live",
              "/console/stats",
              "/openapi.yaml")) {
        for (String method : List.of("GET", "POST")) {
          try (var client = RawClient.open(node.port())) {
            // When
            client.send(
                method
                    + " "
                    + path
                    + " HTTP/1.1\r\nHost: a\r\nX-API-Key: test-key\r\n"
                    + "Content-Length: 0\r\n\r\n");

            // Then
            assertThat(client.head()).startsWith("HTTP/1.1 404 ");
          }
        }
      }
    }
  }

  @Test
  void keysAreComparedInConstantTime() throws IOException {
    // A stopwatch cannot tell on a busy machine; the code can.
    String name = "/" + ApiRoutes.class.getName().replace('.', '/') + ".class";
    try (var code = Objects.requireNonNull(ApiRoutes.class.getResourceAsStream(name))) {
      assertThat(new String(code.readAllBytes(), StandardCharsets.ISO_8859_1))
          .contains("java/security/MessageDigest")
          .contains("isEqual");
    }
  }
}
