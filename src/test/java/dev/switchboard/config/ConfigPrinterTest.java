package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigPrinterTest {
  private static final String CANARY = "canary-4711";

  @TempDir Path folder;

  @Test
  void noSecretIsEverPrinted() throws Exception {
    // Given
    var flags =
        List.of(
            "token.hmac_secret=" + CANARY,
            "subscription_token.hmac_secret=" + CANARY,
            "token.keys.0.id=one",
            "token.keys.0.algorithm=HS256",
            "token.keys.0.pem=" + CANARY,
            "api.key=" + CANARY,
            "cluster.key=" + CANARY);

    // When
    var loaded = ConfigLoader.load(Optional.empty(), Map.of(), flags);

    // Then
    String yaml = ConfigPrinter.toYaml(loaded.config());
    assertThat(yaml).contains("hmac_secret: \"[hidden]\"").doesNotContain(CANARY);
    assertThat(loaded.toString()).contains("[hidden]").doesNotContain(CANARY);
  }

  @Test
  void everySecretTypeIsCovered() {
    assertThat(ConfigKeys.leaves(GatewayConfig.class))
        .filteredOn(leaf -> leaf.path().matches(".*(secret|[._]key)"))
        .allMatch(leaf -> leaf.type() == Secret.class)
        .hasSize(4);
  }

  @Test
  void whatIsPrintedIsTheSameConfigurationAgain() throws Exception {
    // Given
    GatewayConfig config =
        Configs.loaded(
                "node.name=a \"quoted\"\n\u0007 name \\",
                "client.message_bytes_max=100000",
                "client.allowed_origins=https://a.example,https://b.example",
                "heartbeat.interval=1500ms",
                "token.keys.0.id=one",
                "token.keys.0.algorithm=HS256",
                "token.keys.0.pem=[hidden]",
                "token.hmac_secret=[hidden]",
                "channel.namespaces.chat.presence=true",
                "channel.namespaces.007.channel_regex=^a:\\d+$")
            .config();

    // When
    String yaml = ConfigPrinter.toYaml(config);

    // Then
    Path file = Configs.file(folder, yaml);
    assertThat(ConfigLoader.load(Optional.of(file), Map.of(), List.of()).config())
        .isEqualTo(config);
  }
}
