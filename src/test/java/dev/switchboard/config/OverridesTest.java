package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverridesTest {
  @Test
  void everyKeyIsFoundUnderItsEnvironmentName() throws Exception {
    for (var leaf : ConfigKeys.leaves(GatewayConfig.class)) {
      // Given
      var problems = new Problems();
      String name = ConfigKeys.environmentName(leaf.path());

      // When
      var section = Overrides.environment(Map.of(name, "value"), problems);

      // Then
      problems.throwIfAny();
      assertThat(section.find(leaf.path()))
          .as(name)
          .isEqualTo(new ConfigNode.Text("value", "environment variable " + name));
    }
  }

  @Test
  void namesOfNamespacesKeepTheirCaseBothWays() throws Exception {
    // Given
    var problems = new Problems();
    String name = ConfigKeys.environmentName("channel.namespaces._Chat__x_.history_size");

    // When
    var section = Overrides.environment(Map.of(name, "5"), problems);

    // Then
    problems.throwIfAny();
    assertThat(name).isEqualTo("SWITCHBOARD_CHANNEL__NAMESPACES___Chat__x___HISTORY_SIZE");
    assertThat(section.find("channel.namespaces._Chat__x_.history_size")).isNotNull();
  }

  @Test
  void variablesOfScriptsAndOfKubernetesServicesAreLeftAlone() throws Exception {
    // Given
    var env =
        Map.ofEntries(
            Map.entry("SWITCHBOARD_CONFIG", "/etc/switchboard.yaml"),
            Map.entry("SWITCHBOARD_HOME", "/opt/switchboard"),
            Map.entry("SWITCHBOARD_SERVICE_HOST", "10.0.0.1"),
            Map.entry("SWITCHBOARD_SERVICE_PORT", "8000"),
            Map.entry("SWITCHBOARD_SERVICE_PORT_CLIENTS", "8000"),
            Map.entry("SWITCHBOARD_PORT", "tcp://10.0.0.1:8000"),
            Map.entry("SWITCHBOARD_PORT_8000_TCP", "tcp://10.0.0.1:8000"),
            Map.entry("SWITCHBOARD_PORT_8000_TCP_PROTO", "tcp"),
            Map.entry("SWITCHBOARD_INTERNAL_SERVICE_HOST", "10.0.0.2"),
            Map.entry("SWITCHBOARD_INTERNAL_PORT_9000_TCP_ADDR", "10.0.0.2"),
            Map.entry("PATH", "/bin"));

    // When
    var loaded = ConfigLoader.load(Optional.empty(), env, List.of(Configs.KEY));

    // Then
    assertThat(loaded.config()).isEqualTo(Configs.loaded().config());
  }

  @Test
  void otherVariablesWithOurPrefixAreMistakes() {
    // Given
    var env =
        Map.of(
            "SWITCHBOARD_HTTP_PORT", "8001",
            "SWITCHBOARD_CLIENT__PING_INTERVALS", "8001",
            "SWITCHBOARD_CLIENT__", "1",
            "SWITCHBOARD_NODE__NAME", "a",
            "SWITCHBOARD_NODE__name", "b",
            "SWITCHBOARD_LOG__LEVEL", "info",
            "SWITCHBOARD_LOG__LEVEL__X", "info");

    // When
    List<String> problems = Configs.problems(Optional.empty(), env, List.of(Configs.KEY));

    // Then
    assertThat(problems).hasSize(5);
    assertThat(problems)
        .anyMatch(
            p ->
                p.startsWith("SWITCHBOARD_HTTP_PORT is not a key")
                    && p.contains("did you mean SWITCHBOARD_HTTP__PORT?"))
        .anyMatch(
            p ->
                p.contains("did you mean client.ping_interval?")
                    && p.contains("environment variable SWITCHBOARD_CLIENT__PING_INTERVALS"))
        .anyMatch(p -> p.startsWith("SWITCHBOARD_CLIENT__ is not a key"))
        .anyMatch(p -> p.startsWith("node.name is set by environment variable"))
        .anyMatch(p -> p.startsWith("log.level.x cannot be set beside"));
  }

  @Test
  void aFlagWithoutAnEqualsSignIsNotShown() {
    // When
    List<String> problems = Configs.problems("http.port=1", "canary-4711");

    // Then
    assertThat(problems)
        .containsExactly("flag must be key=value such as http.port=8001 (--set number 3)");
  }

  @Test
  void aFlagValueMayContainEqualsSigns() {
    // When
    var config = Configs.loaded("api.key=abc==").config();

    // Then
    assertThat(config.api().key().reveal()).isEqualTo("abc==");
  }
}
