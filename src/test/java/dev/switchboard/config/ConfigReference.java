package dev.switchboard.config;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes the page about all keys from `conf/switchboard.yaml` and the types. Pure functions.
final class ConfigReference {
  private static final String HEAD =
      """
      # Configuration

      Generated from `conf/switchboard.yaml` and the types; do not edit. After a change there run
      `%s`.

      One YAML file, the environment and flags; defaults < file < environment < flags. A flag is
      `--set client.ping_interval=10s`. Unknown keys and bad values are all listed at once and
      refuse the start; `scripts/switchboard check-config` lists them without starting.

      * **Text** is taken as it stands. **Numbers** are whole. **Durations** are `250ms`, `25s`,
        `5m`, `1h` or `30d`. **Sizes** are `65536`, `64KiB` or `1MiB`. **Lists** are YAML lists or
        comma separated. **Secrets** are text that is never printed.
      * Namespaces are keys or named list elements of `channel.namespaces`, each with the options of
        `channel.without_namespace` and their defaults below. In the environment the name keeps its
        case: `SWITCHBOARD_CHANNEL__NAMESPACES__chat__PRESENCE=true`.
      * Sections in a list are counted from 0: `SWITCHBOARD_TOKEN__KEYS__0__PEM`,
        `--set token.keys.0.pem=...`.
      * Variables that start with `SWITCHBOARD_` and are no key refuse the start too, except
        `SWITCHBOARD_CONFIG` and `SWITCHBOARD_HOME`, which the scripts read, and the addresses that
        Kubernetes gives every pod beside a service called `switchboard...`.
      """;

  private ConfigReference() {}

  /// The comment above each key or section of a YAML file, by its full key.
  static Map<String, String> comments(String yaml) {
    var comments = new LinkedHashMap<String, String>();
    var path = new ArrayList<String>();
    var comment = new ArrayList<String>();
    for (String line : yaml.lines().toList()) {
      String text = line.strip();
      if (text.startsWith("#")) {
        comment.add(text.substring(1).strip());
      } else if (text.isEmpty()) {
        comment.clear();
      } else {
        int depth = (line.length() - line.stripLeading().length()) / 2;
        path.subList(depth, path.size()).clear();
        path.add(text.substring(0, text.indexOf(':')));
        comments.put(String.join(".", path), String.join(" ", comment));
        comment.clear();
      }
    }
    return comments;
  }

  /// The whole page.
  ///
  /// @param command what a reader runs to write the page again
  static String page(String yaml, String command) {
    Map<String, String> comments = comments(yaml);
    Map<String, Object> values = ConfigKeys.values(ConfigLoader.defaults());
    var page = new StringBuilder(HEAD.formatted(command));
    String section = "";
    for (var leaf : ConfigKeys.leaves(GatewayConfig.class)) {
      String top = leaf.path().substring(0, leaf.path().indexOf('.'));
      if (!top.equals(section)) {
        section = top;
        page.append("\n## ").append(top).append("\n\n").append(comments.get(top)).append("\n\n");
        page.append("| key | type | default | environment | meaning |\n|---|---|---|---|---|\n");
      }
      page.append("| `%s` | %s | %s | `%s` | %s |\n".formatted(row(leaf, values, comments)));
    }
    return page.toString();
  }

  private static Object[] row(
      ConfigKeys.Leaf leaf, Map<String, Object> values, Map<String, String> comments) {
    String path = leaf.path();
    return new Object[] {
      path,
      typeName(leaf.type(), path),
      shown(path, values.get(path)),
      ConfigKeys.environmentName(path),
      comments.get(path).replace("|", "\\|")
    };
  }

  private static String typeName(Type type, String path) {
    if (type instanceof Class<?> plain) {
      return ValueText.typeName(plain, path);
    }
    boolean named = type.getTypeName().startsWith(Map.class.getName());
    boolean sections = ConfigKeys.elementType(type).isRecord();
    return named ? "named sections" : sections ? "list of sections" : "list";
  }

  private static String shown(String path, Object value) {
    String text = value == null || value instanceof List<?> ? "" : ValueText.print(path, value);
    return text.isEmpty() ? "empty" : "`" + text + "`";
  }
}
