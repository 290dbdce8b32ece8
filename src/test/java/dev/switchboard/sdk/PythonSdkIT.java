package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The published Python packages, SDK and API client, against a node with the profile of the SDK's
/// own tests; what they do is in `src/test/python`. How the SDK survives the death of a node is in
/// `SdkStreamsIT`.
class PythonSdkIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String SCRIPTS = "src/test/python/";

  @Test
  void bothEncodingsDoEverything() {
    // Given
    Path python = Requirement.python();

    try (var gateway = TestNode.ofProfile("python");
        // When
        var json = start(python, gateway, "sdk.py", "json");
        var protobuf = start(python, gateway, "sdk.py", "protobuf")) {

      // Then
      assertThat(json.succeed(LIMIT)).contains("11 of 11 json scenarios passed");
      assertThat(protobuf.succeed(LIMIT)).contains("11 of 11 protobuf scenarios passed");
    }
  }

  @Test
  void theApiClientDoesEverything() {
    // Given
    Path python = Requirement.python();

    try (var gateway = TestNode.ofProfile("python");
        // When
        var calls = start(python, gateway, "cent_api.py", "json")) {

      // Then
      assertThat(calls.succeed(LIMIT)).contains("3 of 3 API scenarios passed");
    }
  }

  private static Program start(Path python, TestNode gateway, String script, String encoding) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CLIENT_URL", gateway.websocket().toString());
    environment.put("API_URL", gateway.internal() + "/api");
    environment.put("API_KEY", gateway.node().config().api().key().reveal());
    environment.put("TOKEN_SECRET", gateway.node().config().token().hmacSecret().reveal());
    environment.put("ENCODING", encoding);
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    List<String> command = List.of(python.toString(), SCRIPTS + script);
    return Program.start("python-" + script + "-" + encoding, command, environment);
  }
}
