package dev.switchboard.cli;

import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.development.DevelopmentFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the command line finds a configuration: as named, else where one usually is. Immutable.
///
/// In this order: the file named by a flag, `$SWITCHBOARD_CONFIG`, `.switchboard/dev.yaml` here,
/// the same in `$SWITCHBOARD_HOME`, which the scripts set to the folder they are in.
public final class ConfigSource {
  private static final String FILE_VARIABLE = "SWITCHBOARD_CONFIG";
  private static final String HOME_VARIABLE = "SWITCHBOARD_HOME";

  private final Map<String, String> environment;
  private final Path here;

  /// @param environment all variables
  /// @param here the folder the command runs in
  public ConfigSource(Map<String, String> environment, Path here) {
    this.environment = environment;
    this.here = here;
  }

  /// What the process was started with.
  public static ConfigSource ofProcess() {
    return new ConfigSource(System.getenv(), Path.of(""));
  }

  /// The file an operator named, by a flag or else in the environment.
  ///
  /// @param flag what a flag says, or null
  public Optional<Path> named(Path flag) {
    String variable = environment.getOrDefault(FILE_VARIABLE, "");
    return flag != null || variable.isEmpty()
        ? Optional.ofNullable(flag)
        : Optional.of(Path.of(variable));
  }

  /// The file an operator named, else that of a development node.
  ///
  /// @param flag what a flag says, or null
  public Optional<Path> find(Path flag) {
    return named(flag)
        .or(
            () ->
                Stream.of(here, here.resolve(environment.getOrDefault(HOME_VARIABLE, "")))
                    .map(folder -> folder.resolve(".switchboard").resolve(DevelopmentFile.NAME))
                    .filter(Files::exists)
                    .findFirst());
  }

  /// Whether the environment itself sets a key.
  public boolean hasVariables() {
    return environment.keySet().stream()
        .anyMatch(name -> name.startsWith("SWITCHBOARD_") && name.contains("__"));
  }

  /// The configuration of a file, the environment and flags.
  ///
  /// @throws ConfigException with every mistake there is
  public ConfigLoader.Loaded load(Optional<Path> file, List<String> overrides)
      throws ConfigException {
    return ConfigLoader.load(file, environment, overrides);
  }

  /// The configuration [#find] leads to.
  ///
  /// @throws ConfigException with every mistake there is, or that there is none to be found
  public ConfigLoader.Loaded load(Path flag) throws ConfigException {
    Optional<Path> file = find(flag);
    if (file.isEmpty() && !hasVariables()) {
      throw new ConfigException(
          List.of(
              "no configuration found; name one with --config FILE or $SWITCHBOARD_CONFIG, or"
                  + " start a node with scripts/run, which makes .switchboard/dev.yaml"));
    }
    return load(file, List.of());
  }
}
