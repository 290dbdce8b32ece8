package dev.switchboard.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Collects what is wrong while one configuration is loaded. Confined to that call.
final class Problems {
  private final List<String> sentences = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();

  /// Notes a mistake at one key.
  ///
  /// @param sentence what was found and what is allowed; it follows the key
  void add(String key, String sentence, String origin) {
    keys.add(key);
    sentences.add(key + " " + sentence + " (" + origin + ")");
  }

  /// Notes a broken rule, unless one of its keys was wrong before: its value is a stand-in then.
  ///
  /// @param origins where the keys of the rule came from
  void add(Violation violation, String origins) {
    if (violation.keys().stream().noneMatch(this::concerns)) {
      sentences.add(violation.sentence() + " (" + origins + ")");
    }
  }

  private boolean concerns(String key) {
    return keys.stream()
        .anyMatch(
            wrong ->
                wrong.equals(key) || wrong.startsWith(key + ".") || key.startsWith(wrong + "."));
  }

  void throwIfAny() throws ConfigException {
    if (!sentences.isEmpty()) {
      throw new ConfigException(sentences);
    }
  }

  /// A rule that does not hold.
  ///
  /// @param keys every key the rule looked at
  /// @param sentence what is wrong, starting with a key
  record Violation(List<String> keys, String sentence) {
    static Violation of(String key, String rest) {
      return new Violation(List.of(key), key + " " + rest);
    }
  }
}
