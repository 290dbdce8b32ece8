package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCertificate;
import dev.switchboard.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The published JavaScript SDK against a node; what it does is in `src/test/js/sdk`.
class JsSdkIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /// Short times, so that scenarios about time take seconds; long enough for a busy machine.
  private static final List<String> SETTINGS =
      List.of(
          // `localhost` is ::1 for some clients and 127.0.0.1 for others.
          "http.host=::",
          "client.handshake_timeout=30s",
          "tls.handshake_timeout=30s",
          "client.close_grace=10s",
          "client.ping_interval=2s",
          "client.pong_timeout=1500ms",
          "client.stale_timeout=4s",
          "client.expired_grace=2s",
          "http.http_stream.enabled=true",
          "http.sse.enabled=true",
          "channel.namespaces.limited.allow_user_limited_channels=true",
          "channel.namespaces.wild.allow_subscribe_for_client=true",
          "channel.namespaces.wild.allow_wildcard_subscriptions=true");

  @TempDir Path folder;

  /// How the bytes travel.
  enum Transport {
    PLAIN,
    JDK,
    BORINGSSL
  }

  @ParameterizedTest
  @EnumSource
  void bothEncodingsDoEverything(Transport transport) throws IOException {
    // Given
    Path node = Requirement.node();
    Path js = Requirement.npmPackages();
    var settings = new ArrayList<>(SETTINGS);
    Map<String, String> trust = new HashMap<>();
    if (transport != Transport.PLAIN) {
      var pair = TestCertificate.create(folder);
      settings.addAll(
          TestCertificate.settings(pair.write(folder), transport.name().toLowerCase(Locale.ROOT)));
      Path trusted = Files.writeString(folder.resolve("trusted.pem"), pair.certificatePem());
      trust.put("NODE_EXTRA_CA_CERTS", trusted.toString());
    }
    var command = List.of(node.toString(), js.resolve("sdk.mjs").toString());

    try (var gateway = TestNode.start(settings.toArray(String[]::new));
        // When
        var json = start(gateway, transport, "json", command, trust);
        var protobuf = start(gateway, transport, "protobuf", command, trust)) {

      // Then
      assertThat(json.succeed(LIMIT)).contains("json scenarios passed");
      assertThat(protobuf.succeed(LIMIT)).contains("protobuf scenarios passed");
    }
  }

  /// With every message compressed that gets shorter, in both directions.
  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void everythingMayBeCompressed(String encoding) {
    // Given
    Path node = Requirement.node();
    Path js = Requirement.npmPackages();
    var settings = new ArrayList<>(SETTINGS);
    settings.add("http.permessage_deflate.enabled=true");
    settings.add("http.permessage_deflate.message_bytes_min=1");
    var command = List.of(node.toString(), js.resolve("sdk.mjs").toString());

    try (var gateway = TestNode.start(settings.toArray(String[]::new));
        // When
        var program =
            start(
                gateway,
                Transport.PLAIN,
                encoding,
                command,
                Map.of("EXTENSION", "permessage-deflate"))) {

      // Then
      assertThat(program.succeed(LIMIT)).contains(encoding + " scenarios passed");
      for (String direction : List.of("in", "out")) {
        String series = "switchboard_compression_runs_total{direction=\"" + direction + "\"}";
        assertThat(gateway.metric(series)).as(series).isGreaterThan(50);
      }
    }
  }

  /// Where there is no WebSocket to be had.
  @ParameterizedTest
  @CsvSource({"http_stream, json", "http_stream, protobuf", "sse, json"})
  void everythingWorksOverHttpToo(String carrier, String encoding) {
    // Given
    Path node = Requirement.node();
    Path js = Requirement.npmPackages();
    var command = List.of(node.toString(), js.resolve("sdk.mjs").toString());

    try (var gateway = TestNode.start(SETTINGS.toArray(String[]::new));
        // When
        var program =
            start(gateway, Transport.PLAIN, encoding, command, Map.of("TRANSPORT", carrier))) {

      // Then
      assertThat(program.succeed(LIMIT)).contains(encoding + " scenarios passed over " + carrier);
    }
  }

  private static Program start(
      TestNode gateway,
      Transport transport,
      String encoding,
      List<String> command,
      Map<String, String> more) {
    var environment = new HashMap<>(more);
    environment.put("CLIENT_URL", gateway.websocket().toString().replace("127.0.0.1", "localhost"));
    environment.put("API_URL", gateway.internal() + "/api");
    environment.put("API_KEY", TestNode.API_KEY);
    environment.put("TOKEN_SECRET", TestNode.TOKEN_SECRET);
    environment.put("TOKEN_AUDIENCE", TestNode.TOKEN_AUDIENCE);
    environment.put("ENCODING", encoding);
    String carrier = environment.getOrDefault("TRANSPORT", "websocket");
    String name = "js-sdk-" + transport + "-" + carrier + "-" + encoding;
    name += environment.containsKey("EXTENSION") ? "-compressed" : "";
    return Program.start(name, command, environment);
  }
}
