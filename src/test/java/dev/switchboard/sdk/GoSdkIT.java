package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The published Go SDK against a node with the profile of the SDK's own tests, and what that
/// leaves out: tokens, and a namespace with presence; where tokens expire, against one that is not
/// insecure. What it does is in `src/test/go`; how it survives the death of a node is in
/// `SdkStreamsIT`.
class GoSdkIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";

  @Test
  void bothEncodingsDoEverything() {
    // Given
    Path sdk = Requirement.goSdk();

    try (var gateway =
            TestNode.ofProfile(
                "go",
                "token.hmac_secret=" + SECRET,
                "channel.namespaces.hall.presence=true",
                "channel.namespaces.hall.join_leave=true");
        var secure =
            TestNode.ofProfile(
                "go",
                "token.hmac_secret=" + SECRET,
                "client.insecure=false",
                "channel.without_namespace.allow_publish_for_subscriber=true");
        // When
        var json = start(sdk, gateway, secure, "json");
        var protobuf = start(sdk, gateway, secure, "protobuf")) {

      // Then
      assertThat(json.succeed(LIMIT)).contains("11 of 11 json scenarios passed");
      assertThat(protobuf.succeed(LIMIT)).contains("11 of 11 protobuf scenarios passed");
    }
  }

  private static Program start(Path sdk, TestNode gateway, TestNode secure, String encoding) {
    var environment =
        Map.of(
            "CLIENT_URL",
            gateway.websocket().toString(),
            "SECURE_URL",
            secure.websocket().toString(),
            "API_URL",
            gateway.internal() + "/api",
            "API_KEY",
            gateway.node().config().api().key().reveal(),
            "TOKEN_SECRET",
            SECRET,
            "ENCODING",
            encoding);
    return Program.start("go-sdk-" + encoding, List.of(sdk.toString(), "sdk"), environment);
  }
}
