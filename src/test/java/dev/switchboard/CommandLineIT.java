package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Jar;
import dev.switchboard.testkit.TestClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineIT {
  @TempDir private Path folder;

  private Jar development() {
    // The test client answers no pings, and a busy machine takes its time.
    return Jar.start(folder, "serve", "--dev", ".switchboard", "--set", "client.ping_interval=10m");
  }

  /// What a development node printed about itself.
  private record Printed(URI client, String api, String key, String token) {
    static Printed by(Jar node) {
      var client = URI.create(node.await("Client URL +(\\S+)").group(1));
      String api = node.await("API URL +(\\S+)/api").group(1);
      String key = node.await("API key +(\\S+)").group(1);
      return new Printed(client, api, key, node.await("Token +(\\S+)").group(1));
    }
  }

  private record Outcome(int code, String output) {}

  private Outcome run(String... arguments) {
    try (var command = Jar.start(folder, arguments)) {
      String output = command.output();
      return new Outcome(command.exitCode(), output);
    }
  }

  @Test
  void aFirstDayWithADevelopmentNode() throws IOException {
    try (var node = development()) {
      // Given
      var printed = Printed.by(node);
      Path file = folder.resolve(".switchboard/dev.yaml");
      try (var client = TestClient.open(printed.client())) {
        client.connect(printed.token());
        client.subscribe("demo");

        // When
        var published = run("publish", "demo", "{\"n\":1}", "--api", printed.api());
        var sent = run("send", "--user", "dev", "\"hi\"", "--api", printed.api());
        var info = run("info", "--json", "--api", printed.api());
        var token = run("token", "--user", "alice");
        Instant asked = Instant.now();
        node.terminate();

        // Then
        assertThat(published).isEqualTo(new Outcome(0, "published to demo"));
        assertThat(client.push().getJsonObject("pub").getJsonObject("data").getInteger("n"))
            .isEqualTo(1);
        assertThat(sent.code()).isZero();
        assertThat(client.push().getJsonObject("message").getString("data")).isEqualTo("hi");
        var first = new JsonObject(info.output()).getJsonArray("nodes").getJsonObject(0);
        assertThat(first.getInteger("num_clients")).isEqualTo(1);
        assertThat(token.output()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        assertThat(client.closed().code()).isEqualTo(3001);
        assertThat(node.exitCode()).isZero();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
        String log = node.output().lines().filter(line -> line.startsWith("{")).toList().toString();
        assertThat(log)
            .contains("session opened", "token.hmac_secret=", "[hidden]")
            .doesNotContain(printed.key(), printed.token());
      }
    }
  }

  @Test
  void aDrainedNodeExitsWithZero() {
    try (var node = development()) {
      // Given
      var printed = Printed.by(node);
      try (var client = TestClient.open(printed.client())) {
        client.connect(printed.token());

        // When
        var drained = run("drain", "--api", printed.api());

        // Then
        assertThat(drained.code()).isZero();
        assertThat(drained.output()).contains("is draining").endsWith("has gone");
        assertThat(client.closed().code()).isEqualTo(3001);
        assertThat(node.exitCode()).isZero();
      }
    }
  }

  @Test
  void drainWithoutAnAddressMeansOneNodeAndNotTheNextOneToo() {
    try (var one = development();
        var two = development()) {
      // Given
      Printed.by(one);
      Printed.by(two);

      // When
      var drained = run("drain");

      // Then
      assertThat(drained.code()).isZero();
      var left = new JsonObject(run("info", "--json").output()).getJsonArray("nodes");
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void twoAtOnceShareKeysAndTakeAPairEach() {
    try (var one = development();
        var two = development()) {
      // When
      var first = Printed.by(one);
      var second = Printed.by(two);

      // Then
      assertThat(second.key()).isEqualTo(first.key());
      assertThat(first.client().getPort()).isBetween(8000, 8009);
      assertThat(second.client().getPort())
          .isBetween(8000, 8009)
          .isNotEqualTo(first.client().getPort());
      assertThat(URI.create(first.api()).getPort() - first.client().getPort()).isEqualTo(1000);
      assertThat(URI.create(second.api()).getPort() - second.client().getPort()).isEqualTo(1000);
      try (var client = TestClient.open(second.client())) {
        assertThat(client.connect(first.token()).containsKey("connect")).isTrue();
      }
    }
  }

  @Test
  void withoutKeysItSaysHowToMakeThem() {
    // When
    var outcome = run("serve");

    // Then
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.output()).contains("token.hmac_secret", "openssl rand -hex 32");
  }

  @Test
  void everyMistakeIsListedAtOnce() throws IOException {
    // Given
    Path file = folder.resolve("node.yaml");
    Files.writeString(file, "htp: {port: 1}\nhttp: {port: 70000}\nlog: {level: loud}\n");

    // When
    var checked = run("check-config", "node.yaml");
    var served = run("serve", "--config", "node.yaml");

    // Then
    assertThat(checked.code()).isEqualTo(2);
    assertThat(checked.output()).contains("htp", "http.port", "log.level");
    assertThat(served).isEqualTo(checked);
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      // When
      String port = Integer.toString(taken.getLocalPort());
      var client = run("serve", "--dev", "dev", "--port", port, "--internal-port", "0");
      var internal = run("serve", "--dev", "dev", "--internal-port", port, "--port", "0");

      // Then
      assertThat(client.code()).isEqualTo(1);
      assertThat(client.output()).contains("switchboard: http.port " + port + " is in use");
      assertThat(internal.code()).isEqualTo(1);
      assertThat(internal.output()).contains("switchboard: internal.port " + port + " is in use");
    }
  }

  @Test
  void anUnusableCertificateIsNamed() throws IOException {
    // Given
    Files.writeString(folder.resolve("bad.pem"), "nonsense");
    String[] serve = {
      "serve",
      "--dev",
      "dev",
      "--port",
      "0",
      "--internal-port",
      "0",
      "--set",
      "tls.key_file=bad.pem",
      "--set",
      "tls.certificate_file=bad.pem"
    };

    // When
    var bad = run(serve);
    serve[serve.length - 1] = "tls.certificate_file=missing.pem";
    var missing = run(serve);

    // Then
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.output().lines().toList().getLast())
        .startsWith("switchboard: tls.certificate_file or tls.key_file cannot be used:");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.output())
        .contains("switchboard: tls.certificate_file names missing.pem, which does not exist");
  }
}
