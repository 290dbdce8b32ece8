package dev.switchboard.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Short ways to load a configuration in tests.
final class Configs {
  /// The one thing without which nothing starts.
  static final String KEY = "token.hmac_secret=something";

  private Configs() {}

  /// What flags give, with a token secret so that it may start.
  static ConfigLoader.Loaded loaded(String... flags) {
    try {
      return ConfigLoader.load(Optional.empty(), Map.of(), withKey(flags));
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The mistakes in flags, with a token secret so that its absence is not one of them.
  static List<String> problems(String... flags) {
    return problems(Optional.empty(), Map.of(), withKey(flags));
  }

  /// The mistakes in a file, the environment and flags.
  static List<String> problems(Optional<Path> file, Map<String, String> env, List<String> flags) {
    try {
      ConfigLoader.load(file, env, flags);
      return List.of();
    } catch (ConfigException e) {
      return e.problems();
    }
  }

  /// A file with this text.
  static Path file(Path folder, String text) {
    try {
      return Files.writeString(folder.resolve("node.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> withKey(String... flags) {
    var all = new ArrayList<>(List.of(KEY));
    all.addAll(List.of(flags));
    return all;
  }
}
