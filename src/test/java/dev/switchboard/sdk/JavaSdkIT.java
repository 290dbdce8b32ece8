package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCertificate;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The published Java SDK against a node; what it does is in `src/test/sdk-java`.
///
/// In a JVM of its own: it needs protobuf-javalite, whose classes have the names of ours.
class JavaSdkIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain", "jdk", "boringssl"})
  void theSdkDoesEverything(String transport) {
    // Given
    Path libraries = Requirement.javaSdk();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> settings = List.of();
    if (!transport.equals("plain")) {
      var pair = TestCertificate.create(folder);
      settings = TestCertificate.settings(pair.write(folder), transport);
      command.add("-Djavax.net.ssl.trustStore=" + pair.trustStore(folder));
      command.add("-Djavax.net.ssl.trustStorePassword=" + pair.password());
    }
    command.addAll(List.of("-cp", libraries + "/*", "src/test/sdk-java/SdkClient.java"));

    try (var gateway = TestNode.start(settings.toArray(String[]::new));
        // When
        var sdk = Program.start("java-sdk-" + transport, command, environment(gateway))) {

      // Then
      assertThat(sdk.succeed(LIMIT)).contains("the Java SDK is content");
    }
  }

  private static Map<String, String> environment(TestNode gateway) {
    long past = Instant.now().minusSeconds(60).getEpochSecond();
    var expired = new JsonObject().put("expire_at", past);
    return Map.of(
        "CLIENT_URL", gateway.websocket().toString(),
        "API_URL", gateway.internal() + "/api",
        "API_KEY", TestNode.API_KEY,
        "TOKEN", gateway.token("ada"),
        "EXPIRED_TOKEN", gateway.signer().sign("ada", Duration.ofHours(1), expired),
        "WRONG_TOKEN", gateway.token("ada").replaceAll(".{8}$", "AAAAAAAA"));
  }
}
