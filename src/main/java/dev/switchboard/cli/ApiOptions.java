package dev.switchboard.cli;

import dev.switchboard.config.ConfigException;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.development.DevelopmentFile;
import dev.switchboard.development.PortPair;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The flags that say which node to call and with which key. Confined to one command.
final class ApiOptions {
  private static final int USUAL_PORT = PortPair.ALL.getFirst().internal();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--api",
      paramLabel = "URL",
      description = "Internal address of a node, such as http://127.0.0.1:9000.")
  private String api;

  @Option(names = "--key", paramLabel = "KEY", description = "API key; default: the configured.")
  private String key;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Take address and key from this configuration; default: $$SWITCHBOARD_CONFIG, else"
              + " .switchboard/dev.yaml.")
  private Path config;

  /// A client for the node that is meant.
  ApiClient client(ConfigSource source) throws ConfigException {
    if (api != null && (key != null || source.find(config).isEmpty() && !source.hasVariables())) {
      return new ApiClient(List.of(given()), Optional.ofNullable(key).orElse(""));
    }
    GatewayConfig found = source.load(config).config();
    String secret = key != null ? key : found.api().key().reveal();
    if (api != null) {
      return new ApiClient(List.of(given()), secret);
    }
    return new ApiClient(addresses(found, source.find(config)), secret);
  }

  private URI given() {
    String url = api.replaceFirst("/+(api/*)?$", "");
    try {
      URI address = URI.create(url);
      if (List.of("http", "https").contains(String.valueOf(address.getScheme()))
          && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // Said below, as for any other text that is no address.
    }
    throw new ParameterException(
        command.commandLine(),
        "--api is \"" + api + "\"; allowed is an address such as http://127.0.0.1:9000");
  }

  /// The address of the configured node; of a development file, all that its nodes may have.
  private static List<URI> addresses(GatewayConfig config, Optional<Path> file) {
    boolean onePort = config.http().port() == config.internal().port();
    String scheme = onePort && config.tls().enabled() ? "https" : "http";
    String host = reachable(config.internal().host());
    URI configured = URI.create("%s://%s:%d".formatted(scheme, host, config.internal().port()));
    boolean shared =
        file.filter(path -> path.endsWith(DevelopmentFile.NAME)).isPresent()
            && configured.getPort() == USUAL_PORT;
    return shared
        ? PortPair.ALL.stream()
            .map(pair -> URI.create("http://%s:%d".formatted(host, pair.internal())))
            .toList()
        : List.of(configured);
  }

  /// A host to connect to where one to bind was configured.
  private static String reachable(String host) {
    return switch (host) {
      case "::", "0.0.0.0", "" -> "localhost";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }
}
