package dev.switchboard.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.GatewayConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The configuration a node in a pod would have: the file of its ConfigMap and its environment.
final class DeployedConfig {
  static final String FOLDER = "/etc/switchboard";
  private static final String FILE = "switchboard.yaml";
  private static final String SAMPLE_SECRET = "0123456789abcdef0123456789abcdef";

  /// What Kubernetes would put there.
  private static final Map<String, String> FIELDS =
      Map.of(
          "metadata.namespace", "default",
          "metadata.name", "switchboard-0",
          "status.podIP", "10.1.2.3");

  private DeployedConfig() {}

  /// Loads it as a node does.
  static GatewayConfig load(Manifests manifests) throws ConfigException {
    try {
      Path file = Files.createTempFile("switchboard", ".yaml");
      try {
        Files.writeString(file, text(manifests));
        return ConfigLoader.load(Optional.of(file), environment(manifests), List.of()).config();
      } finally {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The same for rules about other things: [Rule#CONFIGURATION_IS_GOOD] says when it is wrong.
  static GatewayConfig of(Manifests manifests) {
    try {
      return load(manifests);
    } catch (ConfigException wrong) {
      throw new AssertionError(wrong);
    }
  }

  /// The file, which is mounted where the arguments look for it.
  static String text(Manifests manifests) {
    String name =
        Workload.of(manifests).volume(FOLDER).orElseThrow().at("/configMap/name").asText();
    return manifests
        .all("ConfigMap")
        .filter(map -> Manifests.nameOf(map).equals(name))
        .map(map -> map.path("data").path(FILE).asText())
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no ConfigMap " + name));
  }

  static Map<String, String> environment(Manifests manifests) {
    var environment = new HashMap<String, String>();
    Workload.items(Workload.of(manifests).container().path("env"))
        .forEach(
            variable ->
                environment.put(
                    variable.path("name").asText(), value(manifests, variable, environment)));
    return environment;
  }

  /// A variable may name those before it.
  private static String value(Manifests manifests, JsonNode variable, Map<String, String> before) {
    if (variable.has("value")) {
      String text = variable.path("value").asText();
      for (var known : before.entrySet()) {
        text = text.replace("$(" + known.getKey() + ")", known.getValue());
      }
      return text;
    }
    String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
    return field.isEmpty()
        ? secret(manifests, variable.at("/valueFrom/secretKeyRef"))
        : FIELDS.get(field);
  }

  /// A generated secret says what is in it; of others only their form is known.
  private static String secret(Manifests manifests, JsonNode reference) {
    return manifests
        .all("Secret")
        .filter(secret -> secret.at("/metadata/name").equals(reference.path("name")))
        .map(secret -> secret.path("data").path(reference.path("key").asText()).asText())
        .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
        .findFirst()
        .orElse(SAMPLE_SECRET);
  }
}
