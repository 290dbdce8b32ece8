package dev.switchboard.config;

import java.util.List;

/// A configuration that cannot be used, with everything that is wrong with it.
///
/// Immutable. Each problem is one sentence that names the key, what was found, what is allowed and
/// where it came from; none contains the value of a secret.
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /// @param problems one sentence each, at least one
  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /// All that is wrong, in the order it was found.
  public List<String> problems() {
    return problems;
  }
}
