package dev.switchboard.examples;

import dev.switchboard.testkit.ProjectFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What the examples want of a node, as their readers are told to start one.
final class Examples {
  private static final Path OPTIONS = Path.of("src", "examples", "gateway.options");

  private Examples() {}

  /// The settings of `gateway.options`, `key=value` each, and then others.
  static String[] settings(String... more) {
    return Stream.concat(
            ProjectFiles.text(OPTIONS)
                .lines()
                .filter(line -> line.startsWith("--set "))
                .map(line -> line.substring("--set ".length())),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /// The setting that lets pages of these ports reach a node.
  static String origins(List<Integer> ports) {
    return "client.allowed_origins=" + String.join(",", ports.stream().map(Examples::url).toList());
  }

  /// Where a browser finds what listens on a port of this machine.
  static String url(int port) {
    return "http://localhost:" + port;
  }
}
